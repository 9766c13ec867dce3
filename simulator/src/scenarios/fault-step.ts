import { type Fields, fail, type Path, readList, readRecord, readText } from './field-reader.ts';

/** Names one object of the cluster. */
export type ObjectName = { kind: string; namespace?: string; name: string };

/** One step of a JSON patch. */
export type PatchOperation = { op: 'add' | 'replace' | 'remove'; path: string; value?: unknown };

/** One thing that goes wrong, or that somebody does, in the simulated cluster. */
export type FaultStep =
  | { kind: 'apply'; object: Fields }
  | { kind: 'patch'; target: ObjectName; operations: PatchOperation[] }
  | { kind: 'delete'; target: ObjectName }
  | { kind: 'missing_image'; image: string }
  | { kind: 'stop_node'; node: string }
  | { kind: 'disk_pressure'; node: string };

type Reader = (value: unknown, path: Path) => FaultStep;

const readers: Record<string, Reader> = {
  apply: (value, path) => ({ kind: 'apply', object: readObject(value, path) }),
  patch(value, path) {
    const fields = readRecord(value, path, ['kind', 'namespace', 'name', 'operations']);
    const operations = readList(fields['operations'], path.at('operations'), readOperation);
    return { kind: 'patch', target: readTarget(fields, path), operations };
  },
  delete: (value, path) => ({
    kind: 'delete',
    target: readTarget(readRecord(value, path, ['kind', 'namespace', 'name']), path),
  }),
  missing_image: (value, path) => ({ kind: 'missing_image', image: readText(value, path) }),
  stop_node: (value, path) => ({ kind: 'stop_node', node: readText(value, path) }),
  disk_pressure: (value, path) => ({ kind: 'disk_pressure', node: readText(value, path) }),
};

/** Reads one step: an object with a single field that names what happens. */
export function readFaultStep(value: unknown, path: Path): FaultStep {
  const fields = readRecord(value, path, Object.keys(readers));
  const [kind, ...others] = Object.keys(fields);
  const reader = kind === undefined ? undefined : readers[kind];
  if (kind === undefined || reader === undefined || others.length > 0) {
    fail(path, `must have exactly one of ${Object.keys(readers).join(', ')}`);
  }
  return reader(fields[kind], path.at(kind));
}

/** Reads a Kubernetes object; the API server checks the rest of it. */
export function readObject(value: unknown, path: Path): Fields {
  const object = readRecord(value, path);
  readText(object['kind'], path.at('kind'));
  readText(readRecord(object['metadata'], path.at('metadata'))['name'], path.at('metadata').at('name'));
  return object;
}

/** Reads the name of an object out of fields that carry more. */
export function readTarget(fields: Fields, path: Path): ObjectName {
  const { namespace } = fields;
  return {
    kind: readText(fields['kind'], path.at('kind')),
    ...(namespace === undefined || namespace === null ? {} : { namespace: readText(namespace, path.at('namespace')) }),
    name: readText(fields['name'], path.at('name')),
  };
}

function readOperation(value: unknown, path: Path): PatchOperation {
  const fields = readRecord(value, path, ['op', 'path', 'value']);
  const { op } = fields;
  if (op !== 'add' && op !== 'replace' && op !== 'remove') fail(path.at('op'), 'must be add, replace or remove');
  return {
    op,
    path: readText(fields['path'], path.at('path')),
    ...('value' in fields ? { value: fields['value'] } : {}),
  };
}
