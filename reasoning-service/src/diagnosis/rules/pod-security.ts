import type { BundleObject, JsonObject } from '@aetherius/shared/contracts';
import { citeObject, type Facts } from '../facts.ts';
import { labelsOf } from '../graph/object-graph.ts';
import { subjectOf } from '../graph/object-key.ts';
import { containersIn, podShapeOf } from '../graph/pod-spec.ts';
import type { Hypothesis, Rule } from '../hypothesis.ts';
import { isTrueAt, numberAt, objectAt, objectsAt, textAt, valueAt, wordsAt } from '../json-path.ts';
import { finding } from '../said.ts';
import { isDesignOnly } from './references.ts';

const LABEL = 'pod-security.kubernetes.io/enforce';

/** A part of a pod that a standard forbids; `part` is what its line in the manifest contains, where there is one. */
type Breach = { words: string; part?: string };

/** Rights that a container may be given under the standard `baseline`. */
const harmlessRights = new Set(
  'AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD NET_BIND_SERVICE SETFCAP SETGID SETPCAP SETUID SYS_CHROOT'.split(
    ' ',
  ),
);
const safeVolumes = new Set(
  'name configMap csi downwardAPI emptyDir ephemeral persistentVolumeClaim projected secret'.split(' '),
);
const safeProfiles = new Set(['RuntimeDefault', 'Localhost']);

const securityOf = (part: JsonObject): JsonObject => objectAt(part, 'securityContext') ?? {};
const called = (container: JsonObject): string => `container ${textAt(container, 'name') ?? ''}`;

function ofPod(spec: JsonObject): Breach[] {
  const shared = ['hostNetwork', 'hostPID', 'hostIPC'].filter((field) => isTrueAt(spec, field));
  const hostPath = objectsAt(spec, 'volumes').some((volume) => volume['hostPath'] !== undefined);
  return [
    ...shared.map((field) => ({ words: `the pod sets ${field}`, part: `${field}: true` })),
    ...(hostPath ? [{ words: 'it mounts a hostPath', part: 'hostPath' }] : []),
  ];
}

function ofContainer(container: JsonObject): Breach[] {
  const security = securityOf(container);
  const risky = wordsAt(security, 'capabilities.add').find((right) => !harmlessRights.has(right));
  const hostPort = objectsAt(container, 'ports').some((port) => (numberAt(port, 'hostPort') ?? 0) > 0);
  return [
    ...(isTrueAt(security, 'privileged')
      ? [{ words: `${called(container)} is privileged`, part: 'privileged: true' }]
      : []),
    ...(risky === undefined ? [] : [{ words: `${called(container)} adds the right ${risky}`, part: `: ${risky}` }]),
    ...(hostPort ? [{ words: `${called(container)} takes a hostPort`, part: 'hostPort' }] : []),
    ...(textAt(security, 'seccompProfile.type') === 'Unconfined'
      ? [{ words: `${called(container)} runs without seccomp`, part: 'seccompProfile.type: Unconfined' }]
      : []),
  ];
}

/** What `restricted` wants stated for each container, by itself or by its pod. */
function unstated(spec: JsonObject, container: JsonObject): Breach[] {
  const [own, ofAll] = [securityOf(container), securityOf(spec)];
  const inForce = (path: string) => valueAt(own, path) ?? valueAt(ofAll, path);
  const lacks = [
    ...(own['allowPrivilegeEscalation'] === false ? [] : ['allowPrivilegeEscalation: false']),
    ...(wordsAt(own, 'capabilities.drop').includes('ALL') ? [] : ['capabilities.drop: [ALL]']),
    ...(inForce('runAsNonRoot') === true ? [] : ['runAsNonRoot: true']),
    ...(safeProfiles.has(String(inForce('seccompProfile.type'))) ? [] : ['seccompProfile.type: RuntimeDefault']),
  ];
  const root = inForce('runAsUser') === 0;
  const right = wordsAt(own, 'capabilities.add').find((one) => harmlessRights.has(one) && one !== 'NET_BIND_SERVICE');
  return [
    ...(right === undefined ? [] : [{ words: `${called(container)} adds the right ${right}`, part: `: ${right}` }]),
    ...(root ? [{ words: `${called(container)} runs as user 0`, part: 'runAsUser: 0' }] : []),
    ...(lacks.length === 0 ? [] : [{ words: `${called(container)} does not state ${lacks.join(', ')}` }]),
  ];
}

/** Windows knows neither these rights nor users by number. */
function ofRestricted(spec: JsonObject): Breach[] {
  const other = objectsAt(spec, 'volumes').find((volume) => Object.keys(volume).some((key) => !safeVolumes.has(key)));
  const isWindows = textAt(spec, 'os.name') === 'windows';
  return [
    ...(isWindows ? [] : containersIn(spec).flatMap((container) => unstated(spec, container))),
    ...(other === undefined || other['hostPath'] !== undefined
      ? []
      : [
          {
            words: `volume ${textAt(other, 'name')} is of a kind that is not allowed`,
            part: `: ${textAt(other, 'name')}`,
          },
        ]),
  ];
}

const breaches: Record<string, (spec: JsonObject) => Breach[]> = {
  baseline: (spec) => [...ofPod(spec), ...containersIn(spec).flatMap(ofContainer)],
  restricted: (spec) => [...ofPod(spec), ...containersIn(spec).flatMap(ofContainer), ...ofRestricted(spec)],
};

/** What has run, or was made, has been let in. */
const isNew = ({ body }: BundleObject): boolean => Object.keys(objectAt(body, 'status') ?? {}).length === 0;

function refused(facts: Facts, object: BundleObject): Hypothesis[] {
  const namespace = facts.graph.find({ kind: 'Namespace', namespace: null, name: object.namespace ?? '' });
  const standard = namespace === undefined ? undefined : labelsOf(namespace)[LABEL];
  const shape = isNew(object) && isDesignOnly(facts, object) ? podShapeOf(object) : undefined;
  if (namespace === undefined || standard === undefined || shape === undefined) return [];
  const found = Object.hasOwn(breaches, standard) ? (breaches[standard]?.(shape.spec) ?? []) : [];
  if (found.length === 0) return [];
  const shown = found.flatMap(({ part }) => (part === undefined ? [] : citeObject(object, part)));
  return [
    finding({
      category: 'admission_podsecurity_rejected',
      isByDesign: true,
      subject: facts.top(object),
      cause: subjectOf(namespace),
      description:
        `namespace ${namespace.name} enforces the standard ${standard}, which its pods break: ${found.map(({ words }) => words).join('; ')}`.slice(
          0,
          500,
        ),
      weight: 0.85,
      evidence: [
        ...citeObject(namespace, `${LABEL}: `),
        ...(shown.length > 0 ? shown.slice(0, 3) : citeObject(object, 'image: ')),
      ],
      affects: [subjectOf(object)],
    }),
  ];
}

/** Manifests whose pods the standard of their own namespace would turn away. */
export const podSecurity: Rule = (facts) =>
  facts.of('Namespace').some((one) => labelsOf(one)[LABEL] !== undefined)
    ? facts.bundle.objects.flatMap((object) => refused(facts, object))
    : [];
