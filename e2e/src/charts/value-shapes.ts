import { z } from 'zod';
import { Policy } from '../../../collect-agent/src/commands/policy.ts';
import { Budget } from '../../../reasoning-service/src/llm/budget-file.ts';

type Shape = Record<string, unknown>;

const text = (pattern: string): Shape => ({ type: 'string', pattern: `^${pattern}$` });
const textOrEmpty = (pattern: string): Shape => text(`(${pattern})?`);
const map = (properties: Shape, more: Shape = {}): Shape => ({
  type: 'object',
  additionalProperties: false,
  properties,
  ...more,
});
const listOf = (items: Shape): Shape => ({ type: 'array', items });
/** A map whose insides Kubernetes alone knows; its keys are few and known. */
const keysOnly = (...names: string[]): Shape => map(Object.fromEntries(names.map((name) => [name, {}])));
const named = { required: ['name'] };
const withKeys = (required: string[], ...others: string[]): Shape => ({
  ...keysOnly(...required, ...others),
  required,
});
const listOfKeys = (required: string[], ...others: string[]): Shape => listOf(withKeys(required, ...others));
const keyOf = withKeys(['name', 'key'], 'optional');
const nameOf = withKeys(['name'], 'optional');
/** Kubernetes counts and numbers by 32 bits. */
const MOST = 2_147_483_647;

const label = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const name = `${label}([.]${label})*`;
const host = '([A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?|\\[[0-9A-Fa-f:.]+\\])';
const port = '(6553[0-5]|655[0-2][0-9]|65[0-4][0-9]{2}|6[0-4][0-9]{3}|[1-5][0-9]{4}|[1-9][0-9]{0,3})';
const amount = '[0-9]+([.][0-9]+)?(m|k|Ki|[MGTPE]i?|e[0-9]+)?';
/** By what Kubernetes counts, and by what a device plugin does, which has a domain in its name. */
const countable = '^(cpu|memory|ephemeral-storage|hugepages-[0-9]+[KMG]i|[a-z0-9.-]+/[A-Za-z0-9._-]+)$';
const amounts = map(
  {},
  { patternProperties: { [countable]: { type: ['string', 'number'], pattern: `^${amount}$`, minimum: 0 } } },
);
const octet = '(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])';
const cidr = `((${octet}[.]){3}${octet}/(3[0-2]|[12]?[0-9])|[0-9a-fA-F]*:[0-9a-fA-F:.]*/(12[0-8]|1[01][0-9]|[1-9]?[0-9]))`;
const percent = '(100|[1-9]?[0-9])%';
const labelValue = '[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?';
const labelKey = '^([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?$';
/** Not by `propertyNames`, whose refusals name another value in Helm. */
const labelled = (value: Shape): Shape => map({}, { patternProperties: { [labelKey]: value } });
/** What the charts say of each object themselves; some of it selects the pods. */
const ownLabels = [
  ...['name', 'instance', 'component', 'version', 'part-of', 'managed-by'].map((word) => `app.kubernetes.io/${word}`),
  'helm.sh/chart',
];
const id: Shape = { type: 'integer', minimum: 0, maximum: MOST };
const flag: Shape = { type: 'boolean' };
const seccompProfile: Shape = {
  type: 'object',
  properties: { type: { enum: ['RuntimeDefault', 'Localhost', 'Unconfined'] }, localhostProfile: { type: 'string' } },
  additionalProperties: false,
  anyOf: [{ properties: { type: { enum: ['RuntimeDefault', 'Unconfined'] } } }, { required: ['localhostProfile'] }],
};
const ids: Shape = {
  ...{ runAsUser: id, runAsGroup: id, runAsNonRoot: flag, seccompProfile },
  ...{ seLinuxOptions: {}, appArmorProfile: {} },
};

/** What a value may be, by its last word, wherever it occurs; some have more than one word, or are referred to by name. */
export const shapes: Record<string, Shape> = {
  tag: textOrEmpty('[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}'),
  digest: textOrEmpty('sha256:[a-f0-9]{64}'),
  registry: textOrEmpty(`${host}(:${port})?(/[a-z0-9]+([._-]+[a-z0-9]+)*)*`),
  repository: text('[a-z0-9]+([._/-]+[a-z0-9]+)*'),
  pullPolicy: { enum: ['', 'Always', 'IfNotPresent', 'Never'] },
  imagePullPolicy: { enum: ['Always', 'IfNotPresent', 'Never'] },
  imagePullSecrets: listOf(map({ name: text(name) }, named)),
  type: { enum: ['ClusterIP', 'NodePort', 'LoadBalancer'] },
  port: { type: 'integer', minimum: 1, maximum: 65535 },
  egressPorts: listOf({ type: 'integer', minimum: 1, maximum: 65535 }),
  logLevel: { enum: ['trace', 'debug', 'info', 'warn', 'error'] },
  nameOverride: { ...textOrEmpty('[a-z]([-a-z0-9]*[a-z0-9])?'), maxLength: 40 },
  objectName: { ...textOrEmpty(name), maxLength: 253 },
  objectKey: text('[A-Za-z0-9._-]+'),
  ownKey: textOrEmpty('[A-Za-z0-9._-]+'),
  namespaces: listOf({ ...text(label), maxLength: 63 }),
  // An Ingress and a route take no addresses.
  host: { ...textOrEmpty(name), maxLength: 253, not: { pattern: '^[0-9.]+$' } },
  interval: { ...text('([0-9]+w)?([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?([0-9]+ms)?'), minLength: 2 },
  size: text(amount),
  count: { type: 'integer', minimum: 1, maximum: MOST },
  replicaCount: { type: 'integer', minimum: 0, maximum: MOST },
  maxUnavailable: { type: ['integer', 'string'], minimum: 0, pattern: `^${percent}$` },
  minAvailable: { type: ['integer', 'string'], minimum: 0, pattern: `^(${percent})?$` },
  resources: map({ requests: amounts, limits: amounts, claims: listOfKeys(['name'], 'request') }),
  labels: {
    ...labelled(textOrEmpty(labelValue)),
    properties: Object.fromEntries(ownLabels.map((word) => [word, false])),
  },
  annotations: labelled({ type: 'string' }),
  nodeSelector: labelled(textOrEmpty(labelValue)),
  extraEnv: listOf(
    map(
      {
        name: text('[A-Za-z_][A-Za-z0-9_.-]*'),
        value: { type: 'string' },
        valueFrom: { type: 'object', minProperties: 1, properties: { secretKeyRef: keyOf, configMapKeyRef: keyOf } },
      },
      { ...named, dependencies: { valueFrom: { properties: { value: false } } } },
    ),
  ),
  extraEnvFrom: listOf({
    ...map({ prefix: {}, configMapRef: nameOf, secretRef: nameOf }),
    anyOf: [{ required: ['configMapRef'] }, { required: ['secretRef'] }],
  }),
  extraVolumes: listOf({
    type: 'object',
    properties: {
      name: text(label),
      secret: withKeys(['secretName'], 'items', 'defaultMode', 'optional'),
      configMap: withKeys(['name'], 'items', 'defaultMode', 'optional'),
      persistentVolumeClaim: withKeys(['claimName'], 'readOnly'),
    },
    minProperties: 2,
    ...named,
  }),
  extraVolumeMounts: listOfKeys(
    ['name', 'mountPath'],
    ...['subPath', 'subPathExpr', 'readOnly', 'recursiveReadOnly', 'mountPropagation'],
  ),
  tolerations: listOf(
    map(
      {
        key: { type: 'string' },
        operator: { enum: ['', 'Exists', 'Equal', 'Lt', 'Gt'] },
        value: { type: 'string' },
        effect: { enum: ['', 'NoSchedule', 'PreferNoSchedule', 'NoExecute'] },
        tolerationSeconds: { type: 'integer' },
      },
      {
        allOf: [
          {
            anyOf: [
              { properties: { operator: { enum: ['', 'Equal', 'Lt', 'Gt'] } }, required: ['key'] },
              { properties: { operator: { const: 'Exists' }, value: { const: '' } }, required: ['operator'] },
            ],
          },
          {
            anyOf: [
              { properties: { tolerationSeconds: false } },
              { properties: { effect: { const: 'NoExecute' } }, required: ['effect'] },
            ],
          },
        ],
      },
    ),
  ),
  affinity: keysOnly('nodeAffinity', 'podAffinity', 'podAntiAffinity'),
  topologySpreadConstraints: listOf(
    map(
      {
        maxSkew: { type: 'integer', minimum: 1 },
        topologyKey: { type: 'string', pattern: labelKey },
        whenUnsatisfiable: { enum: ['DoNotSchedule', 'ScheduleAnyway'] },
        minDomains: { type: 'integer', minimum: 1 },
        nodeAffinityPolicy: { enum: ['Honor', 'Ignore'] },
        nodeTaintsPolicy: { enum: ['Honor', 'Ignore'] },
        labelSelector: {},
        matchLabelKeys: {},
      },
      { required: ['maxSkew', 'topologyKey', 'whenUnsatisfiable'] },
    ),
  ),
  podSecurityContext: map({
    ...ids,
    ...{ fsGroup: id, fsGroupChangePolicy: { enum: ['OnRootMismatch', 'Always'] }, supplementalGroups: listOf(id) },
    ...{ supplementalGroupsPolicy: { enum: ['Merge', 'Strict'] }, seLinuxChangePolicy: {}, sysctls: {} },
  }),
  securityContext: map({
    ...ids,
    ...{ allowPrivilegeEscalation: flag, privileged: flag, readOnlyRootFilesystem: flag },
    ...{ capabilities: {}, procMount: {} },
  }),
  // An address is of no pod, so no selector stands beside it.
  peers: listOf(
    map(
      {
        ipBlock: map({ cidr: text(cidr), except: listOf(text(cidr)) }, { required: ['cidr'] }),
        namespaceSelector: {},
        podSelector: {},
      },
      {
        minProperties: 1,
        dependencies: { ipBlock: { properties: { namespaceSelector: false, podSelector: false } } },
      },
    ),
  ),
  parentRefs: listOfKeys(['name'], 'group', 'kind', 'namespace', 'sectionName', 'port'),
  extraRules: listOf({
    ...withKeys(['verbs'], 'apiGroups', 'resources', 'resourceNames', 'nonResourceURLs'),
    anyOf: [{ required: ['apiGroups', 'resources'] }, { required: ['nonResourceURLs'] }],
  }),
  // As the agent reads it: a key that is misspelt would end the agent at its start.
  policy: schemaOf(Policy),
  // As text, too: so the former chart had it.
  budget: { ...whole(schemaOf(Budget)), type: ['object', 'string'] },
};

/** Words that mean the same as another, or go by their ending. */
const alike: [RegExp, string][] = [
  [/(Secret|ConfigMap|ClassName|serviceAccountName|existingClaim|className|^name)$/, 'objectName'],
  [/^database(Password)?Key$/, 'ownKey'],
  [/Key$/, 'objectKey'],
  [/Labels$/, 'labels'],
  [/^podAnnotations$/, 'annotations'],
  [/^(minReplicas|maxReplicas|targetCPUUtilizationPercentage|activeDeadlineSeconds)$/, 'count'],
  [/^sizeLimit$/, 'size'],
  [/^imageRegistry$/, 'registry'],
  [/^fullnameOverride$/, 'nameOverride'],
  [/^protectedNamespaces$/, 'namespaces'],
  [/^(from|busFrom)$/, 'peers'],
];

/** The name of the shape that a value has by its last word. */
export const shapeOf = (word: string): string | undefined =>
  word in shapes ? word : alike.find(([words]) => words.test(word))?.[1];

function schemaOf(contract: z.ZodType): Shape {
  const { $schema: _, ...schema } = z.toJSONSchema(contract, { io: 'input', target: 'draft-7' });
  return schema;
}

/** Nothing at all, or all that is required. */
function whole({ required, ...schema }: Shape): Shape {
  const keys = Object.keys(schema['properties'] as Shape);
  return { ...schema, dependencies: Object.fromEntries(keys.map((key) => [key, required])) };
}
