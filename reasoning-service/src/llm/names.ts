import type { Bundle, Diagnosis, Json, Subject } from '@aetherius/shared/contracts';
import { own } from '../diagnosis/json-path.ts';

/** A name that must not leave, with the label that stands for it: `{ text: 'cart-1', label: 'POD' }`. */
export type Name = { text: string; label: string };

/** Names and labels that every cluster has tell nothing. */
const everywhere = new Set([
  'default',
  'kube-system',
  'kube-public',
  'kube-node-lease',
  'kubernetes',
  'localhost',
  '127.0.0.1',
  '0.0.0.0',
  'true',
  'false',
]);

/** Fields of Kubernetes objects whose value is a name, wherever they stand. */
const nameFields: Readonly<Record<string, string>> = {
  nodeName: 'NODE',
  image: 'IMAGE',
  hostname: 'HOST',
  host: 'HOST',
  podIP: 'IP',
  hostIP: 'IP',
  clusterIP: 'IP',
  ip: 'IP',
  serviceAccountName: 'SERVICEACCOUNT',
  secretName: 'SECRETNAME',
  claimName: 'PERSISTENTVOLUMECLAIM',
  storageClassName: 'STORAGECLASS',
  serviceName: 'SERVICE',
  namespace: 'NAMESPACE',
  uid: 'UID',
};
/** Fields that hold something with a `name`. */
const holders: Readonly<Record<string, string>> = {
  containers: 'CONTAINER',
  initContainers: 'CONTAINER',
  containerStatuses: 'CONTAINER',
  initContainerStatuses: 'CONTAINER',
  configMap: 'CONFIGMAP',
  configMapRef: 'CONFIGMAP',
  configMapKeyRef: 'CONFIGMAP',
  secretRef: 'SECRETNAME',
  secretKeyRef: 'SECRETNAME',
  imagePullSecrets: 'SECRETNAME',
  ownerReferences: 'OWNER',
  volumes: 'VOLUME',
  scaleTargetRef: 'TARGET',
  service: 'SERVICE',
};
/** Fields of labels: their values are the names of applications, versions and places. */
const labelFields = new Set(['labels', 'matchLabels', 'selector', 'nodeSelector']);
/** Labels of metrics and alerts that name something. */
const nameLabels =
  /^(pod|node|namespace|instance|container|service|deployment|statefulset|daemonset|job|host|cluster)$/;

/** The name of a Secret is no secret: its label must not read like the token of one. */
const labelOf = (kind: string): string =>
  kind === 'Secret' ? 'SECRETNAME' : kind.toUpperCase().replaceAll(/[^A-Z]/g, '') || 'OBJECT';

/** Every name in a bundle and its diagnosis, longest first, so that a part never hides before its whole. */
export function namesIn(bundle: Bundle, diagnosis: Diagnosis): Name[] {
  const found = new Map<string, string>();
  const note = (text: string | null | undefined, label: string) => {
    if (typeof text === 'string' && isTelling(text) && !found.has(text)) found.set(text, label);
  };
  const subjects = [bundle.subject, diagnosis.subject, diagnosis.root_cause.subject];
  note(bundle.cluster, 'CLUSTER');
  for (const named of [...subjects, ...bundle.objects, ...bundle.events, ...bundle.changes]) noteSubject(named, note);
  for (const { namespace, pod, container } of bundle.logs) {
    noteSubject({ kind: 'Pod', namespace, name: pod }, note);
    note(container, 'CONTAINER');
  }
  for (const { labels } of [...bundle.metrics, ...bundle.alerts])
    for (const [key, value] of Object.entries(labels)) if (nameLabels.test(key)) note(value, labelOf(key));
  for (const { body } of bundle.objects) walk(body, note);
  return [...found].map(([text, label]) => ({ text, label })).sort((a, b) => b.text.length - a.text.length);
}

type Note = (text: string | null | undefined, label: string) => void;

function noteSubject({ kind, namespace, name }: Subject, note: Note): void {
  note(name, labelOf(kind));
  note(namespace, 'NAMESPACE');
}

function walk(value: Json | undefined, note: Note): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    noteField(key, inner, note);
    walk(inner, note);
  }
}

function noteField(key: string, value: Json | undefined, note: Note): void {
  const field = own(nameFields, key);
  if (field !== undefined && typeof value === 'string') note(value, field);
  const holder = own(holders, key);
  if (holder !== undefined) for (const named of [value].flat()) note(nameOf(named), holder);
  if (labelFields.has(key)) for (const label of textsOf(value)) note(label, 'LABEL');
}

const textsOf = (value: Json | undefined): string[] =>
  typeof value === 'object' && value !== null ? Object.values(value).filter((one) => typeof one === 'string') : [];

const nameOf = (value: Json | undefined): string | undefined => {
  const name = typeof value === 'object' && value !== null && !Array.isArray(value) ? value['name'] : undefined;
  return typeof name === 'string' ? name : undefined;
};

const isTelling = (text: string): boolean => text.length > 1 && !everywhere.has(text) && !/^[\d.]+$/.test(text);
