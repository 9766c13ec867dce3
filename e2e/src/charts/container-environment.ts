import type { ChartObject, Container } from './objects.ts';

/** What a container finds in its environment, as a kubelet puts it together: a value may refer to what stands before it. */
export function environmentOf(
  { env = [], envFrom = [] }: Container,
  objects: readonly ChartObject[],
  given: (name: string) => string,
): Record<string, string> {
  const names = envFrom.flatMap(({ configMapRef }) => configMapRef?.name ?? []);
  const maps = objects.filter(({ kind, metadata }) => kind === 'ConfigMap' && names.includes(metadata.name));
  const environment: Record<string, string> = Object.assign({}, ...maps.map(({ data }) => data));
  for (const { name, value } of env)
    environment[name] =
      value?.replaceAll(/\$\((\w+)\)/g, (text, known: string) => environment[known] ?? text) ?? given(name);
  return environment;
}
