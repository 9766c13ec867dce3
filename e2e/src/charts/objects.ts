import { parseAllDocuments } from 'yaml';

/** A container, as far as its rights and its settings go. */
export type Container = {
  name: string;
  image: string;
  command?: string[];
  env?: { name: string; value?: string; valueFrom?: Record<string, unknown> }[];
  envFrom?: { configMapRef?: { name: string } }[];
  resources?: { requests?: Record<string, string>; limits?: Record<string, string> };
  securityContext?: Record<string, unknown>;
};

/** The part of a workload that says what runs. */
export type PodSpec = {
  containers: Container[];
  initContainers?: Container[];
  securityContext?: Record<string, unknown>;
  volumes?: object[];
};

/** What a workload makes pods of. */
export type WorkloadSpec = {
  template?: { spec: PodSpec };
  jobTemplate?: { spec: { template: { spec: PodSpec } } };
  volumeClaimTemplates?: { metadata: { name: string } }[];
};

/** A Kubernetes object, as far as tests of the charts look into it. */
export type ChartObject = {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string; labels?: Record<string, string>; annotations?: Record<string, string> };
  data?: Record<string, string>;
  rules?: { apiGroups: string[]; resources: string[]; verbs: string[]; resourceNames?: string[] }[];
  spec?: WorkloadSpec;
};

/** The objects in what Helm rendered. */
export const objectsIn = (yaml: string): ChartObject[] =>
  parseAllDocuments(yaml)
    .map((document) => {
      const [problem] = document.errors;
      if (problem !== undefined) throw problem;
      return document.toJS() as ChartObject | null;
    })
    .filter((object) => object !== null);

type Check<T> = [what: string, fits: (part: T) => boolean];
const is = (value: unknown, wanted: unknown): boolean => JSON.stringify(value) === JSON.stringify(wanted);

const ofPod: Check<PodSpec>[] = [
  ['may run as root', ({ securityContext }) => is(securityContext?.['runAsNonRoot'], true)],
  ['no seccomp profile', ({ securityContext }) => is(securityContext?.['seccompProfile'], { type: 'RuntimeDefault' })],
];
const ofContainer: Check<Container>[] = [
  ['may gain rights', ({ securityContext }) => is(securityContext?.['allowPrivilegeEscalation'], false)],
  ['keeps capabilities', ({ securityContext }) => is(securityContext?.['capabilities'], { drop: ['ALL'] })],
  ['may write its root', ({ securityContext }) => is(securityContext?.['readOnlyRootFilesystem'], true)],
  ['an image without a version', ({ image }) => /[@:][\w.:-]+$/.test(image)],
  ['no request', ({ resources }) => resources?.requests?.['cpu'] !== undefined],
  ['no limit', ({ resources }) => resources?.limits?.['memory'] !== undefined],
];
const failing = <T>(checks: readonly Check<T>[], part: T): string[] =>
  checks.filter(([, fits]) => !fits(part)).map(([what]) => what);

/** What of a workload the level "restricted" of Pod Security would refuse, or the house asks for beyond it. */
export const looseEnds = (pod: PodSpec): string[] => [
  ...failing(ofPod, pod),
  ...[...(pod.initContainers ?? []), ...pod.containers].flatMap((container) =>
    failing(ofContainer, container).map((what) => `${container.name}: ${what}`),
  ),
];
