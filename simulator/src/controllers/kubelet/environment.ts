import type { Container, EnvVar, KeyReference, StringMap, Volume } from '../types.ts';

/** Looks up the data of a ConfigMap or Secret in the pod's namespace. */
export type DataLookup = (kind: 'ConfigMap' | 'Secret', name: string) => StringMap | undefined;

/** A container's environment, or the kubelet's words about what is missing for it. */
type Environment = { env: StringMap } | { problem: string };

/** Resolves a container's variables the way the kubelet does before it creates the container. */
export function environmentOf(container: Container, namespace: string, lookup: DataLookup): Environment {
  const found = [
    ...(container.envFrom ?? []).map((source) => wholeSource(source, lookup)),
    ...(container.env ?? []).map((variable) => oneVariable(variable, namespace, lookup)),
  ];
  const problem = found.find((part) => 'problem' in part);
  return problem ?? { env: Object.assign({}, ...found.map((part) => ('env' in part ? part.env : {}))) };
}

function wholeSource(source: NonNullable<Container['envFrom']>[number], lookup: DataLookup): Environment {
  const [kind, reference] =
    source.configMapRef === undefined
      ? (['Secret', source.secretRef] as const)
      : (['ConfigMap', source.configMapRef] as const);
  if (reference === undefined) return { env: {} };
  const data = lookup(kind, reference.name);
  if (data === undefined) return reference.optional ? { env: {} } : absent(kind, reference.name);
  const prefixed = Object.entries(data).map(([key, value]) => [`${source.prefix ?? ''}${key}`, value]);
  return { env: Object.fromEntries(prefixed) };
}

function oneVariable({ name, value, valueFrom }: EnvVar, namespace: string, lookup: DataLookup): Environment {
  const { configMapKeyRef, secretKeyRef } = valueFrom ?? {};
  if (configMapKeyRef !== undefined)
    return oneKey('ConfigMap', { ...configMapKeyRef, variable: name, namespace }, lookup);
  if (secretKeyRef !== undefined) return oneKey('Secret', { ...secretKeyRef, variable: name, namespace }, lookup);
  return { env: value === undefined ? {} : { [name]: value } };
}

function oneKey(
  kind: 'ConfigMap' | 'Secret',
  { name, key, optional, variable, namespace }: KeyReference & { variable: string; namespace: string },
  lookup: DataLookup,
): Environment {
  const data = lookup(kind, name);
  const value = data?.[key];
  if (value !== undefined) return { env: { [variable]: value } };
  if (optional) return { env: {} };
  return data === undefined
    ? absent(kind, name)
    : { problem: `couldn't find key ${key} in ${kind} ${namespace}/${name}` };
}

const absent = (kind: 'ConfigMap' | 'Secret', name: string): { problem: string } => ({
  problem: `${kind.toLowerCase()} "${name}" not found`,
});

/** The kubelet's words about the first volume whose content is missing; undefined when all can be mounted. */
export function mountProblem(volumes: readonly Volume[], lookup: DataLookup): string | undefined {
  for (const { name, configMap, secret } of volumes) {
    const missing =
      missingSource('ConfigMap', configMap?.name, lookup) ?? missingSource('Secret', secret?.secretName, lookup);
    const isOptional = (configMap?.optional ?? secret?.optional) === true;
    if (missing !== undefined && !isOptional) return `MountVolume.SetUp failed for volume "${name}" : ${missing}`;
  }
  return undefined;
}

function missingSource(kind: 'ConfigMap' | 'Secret', name: string | undefined, lookup: DataLookup): string | undefined {
  if (name === undefined || lookup(kind, name) !== undefined) return undefined;
  return absent(kind, name).problem;
}
