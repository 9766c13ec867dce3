import { replicaSetOf } from '../diagnosis/graph/generated-name.ts';
import { isLabel } from './object-name.ts';

type Writer = { namespace: string | undefined; pod: string; container: string };

/** Lines of one container, without what named it. */
export type Part = Writer & { lines: string[] };

/** `kubectl logs --prefix`. */
const byKubectl = /^\[pod\/([a-z0-9][a-z0-9.-]{0,252})\/([a-z0-9-]{1,63})\] ?(.*)$/;
/** What `stern` says itself when it begins or ends to read a container. */
const sternsOwn = /^[+-] \S+(?: \S+)? › \S+$/;
/** How pods of a job or a daemon set, and those that a stateful set counts, end. */
const madeName = /^[a-z0-9][a-z0-9.-]{0,240}-(?:[a-z0-9]{5}|\d{1,3})$/;
/** So many lines of each writer show that two words at the beginning are no sentence. */
const LINES_OF_EACH = 3;

/** A log by pod and container where each of its lines names them; undefined for any other log. */
export function partsOf(lines: readonly string[]): Part[] | undefined {
  const parts = new Map<string, Part>();
  let count = 0;
  let isSure = false;
  for (const text of lines) {
    if (text.trim() === '' || sternsOwn.test(text)) continue;
    const named = byPrefix(text) ?? byFirstWords(text);
    if (named === undefined) return undefined;
    const { line, ...writer } = named;
    const key = [writer.namespace, writer.pod, writer.container].join('/');
    const part = parts.get(key) ?? { ...writer, lines: [] };
    part.lines.push(line);
    parts.set(key, part);
    count += 1;
    isSure ||= text.startsWith('[pod/') || replicaSetOf(writer.pod) !== undefined;
  }
  return count > 0 && (isSure || count >= parts.size * LINES_OF_EACH) ? [...parts.values()] : undefined;
}

type Named = Writer & { line: string };

function byPrefix(text: string): Named | undefined {
  const [, pod, container, line = ''] = byKubectl.exec(text) ?? [];
  return pod === undefined || container === undefined ? undefined : { namespace: undefined, pod, container, line };
}

/** As `stern` prints them: pod and container, behind the namespace where it reads several. */
function byFirstWords(text: string): Named | undefined {
  const words = text.split(' ', 3);
  const at = words.slice(0, 2).findIndex((word) => madeName.test(word));
  const [pod = '', container = ''] = words.slice(at);
  const [namespace = ''] = words;
  if (at < 0 || !isLabel(container) || (at === 1 && !isLabel(namespace))) return undefined;
  const line = text.slice(words.slice(0, at + 2).join(' ').length + 1);
  return { namespace: at === 1 ? namespace : undefined, pod, container, line };
}
