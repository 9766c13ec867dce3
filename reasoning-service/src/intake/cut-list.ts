import type { Json } from '@aetherius/shared/contracts';
import { parseAllDocuments } from 'yaml';
import { isKubernetes, isObject } from './kubernetes.ts';

/** The items before the cut of a listing in JSON that lacks its end; undefined when the text is not that. */
export function itemsOfCutJson(text: string): Json[] | undefined {
  const end = endOfLastItem(text);
  if (end === undefined) return undefined;
  try {
    return itemsOf(JSON.parse(`${text.slice(0, end)}]}`) as Json);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return undefined;
  }
}

/** A text in quotes, which the end of the file may cut, or a bracket outside of them. */
const signs = /"(?:[^"\\]|\\.)*(?:"|$)|[{}[\]]/gs;

/** Where the last whole object ends in an array of the outermost object; undefined when that is closed, as a whole text is. */
function endOfLastItem(text: string): number | undefined {
  const open: string[] = [];
  let end: number | undefined;
  for (const { 0: sign, index } of text.matchAll(signs)) {
    if ('{['.includes(sign)) open.push(sign);
    else if ('}]'.includes(sign)) open.pop();
    if (sign === '}' && open.length === 2 && open[1] === '[') end = index + 1;
  }
  return open.length < 2 ? undefined : end;
}

/** How `kubectl get -o yaml` begins; it ends with `kind: List`. */
const listing = /^(?:---\n)?apiVersion: v1\nitems:\n( *)- /;

/** Whether a text is what `kubectl get -o yaml` printed, without its end. */
export const isCutYaml = (text: string): boolean => listing.test(text) && !/^kind: List$/m.test(text);

/** The same of a listing in YAML. Nothing in its last item tells whether that is whole, so it is left out. */
export function itemsOfCutYaml(text: string): Json[] | undefined {
  const [head = '', indent = ''] = listing.exec(text) ?? [];
  const last = text.lastIndexOf(`\n${indent}- `);
  if (head === '' || last < head.length) return undefined;
  const [document] = parseAllDocuments(text.slice(0, last), { merge: true, prettyErrors: false, uniqueKeys: false });
  return document === undefined || document.errors.length > 0 ? undefined : itemsOf(document.toJSON() as Json);
}

function itemsOf(value: Json): Json[] | undefined {
  const items = isObject(value) ? value['items'] : undefined;
  return Array.isArray(items) && items.length > 0 && items.every(isKubernetes) ? items : undefined;
}
