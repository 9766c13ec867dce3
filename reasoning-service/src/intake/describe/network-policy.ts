import type { JsonObject } from '@aetherius/shared/contracts';
import { known } from '../table/row-cells.ts';
import { belowAt, type Line, lineAt, valueAt } from './outline.ts';

/** `app=cart,tier in (api,web),!canary`, as `kubectl` prints a selector; none takes all. */
function selectorOf(text: string | undefined): JsonObject {
  const parts = text?.match(/[^,(]{1,400}\([^)]{0,2000}\)|[^,]{1,400}/g)?.map((part) => part.trim()) ?? [];
  const labels = parts.flatMap((part) => {
    const [, key, value] = /^([^\s=!]+)=(\S*)$/.exec(part) ?? [];
    return key === undefined || value === undefined ? [] : [[key, value] as const];
  });
  const matchExpressions = parts.flatMap(expressionOf);
  return known({
    matchLabels: labels.length === 0 ? undefined : Object.fromEntries(labels),
    matchExpressions: matchExpressions.length === 0 ? undefined : matchExpressions,
  });
}

function expressionOf(part: string): JsonObject[] {
  const [, key, word, list = ''] = /^(\S+) (in|notin) \(([^)]*)\)$/.exec(part) ?? [];
  const values = list.split(',').map((value) => value.trim());
  if (key !== undefined) return [{ key, operator: word === 'in' ? 'In' : 'NotIn', values }];
  const [, not, bare] = /^(!?)([\w./-]+)$/.exec(part) ?? [];
  return bare === undefined ? [] : [{ key: bare, operator: not === '!' ? 'DoesNotExist' : 'Exists' }];
}

/** `80/TCP`, `8000-8080/TCP` or `http/TCP`; `<any>` restricts none. */
function portOf({ value }: Line): JsonObject[] {
  const [, port = '', last, protocol] = /^([\w-]+?)(?:-(\d+))?\/(\w+)$/.exec(value) ?? [];
  if (protocol === undefined) return [];
  return [known({ protocol, port: /^\d+$/.test(port) ? Number(port) : port, endPort: last && Number(last) })];
}

function peerOf({ below }: Line): JsonObject {
  const block = lineAt(below, 'IPBlock');
  const selector = (key: string) => (lineAt(below, key) === undefined ? undefined : selectorOf(valueAt(below, key)));
  return known({
    namespaceSelector: selector('NamespaceSelector'),
    podSelector: selector('PodSelector'),
    ipBlock: block === undefined ? undefined : known({ cidr: valueAt(block.below, 'CIDR') }),
  });
}

/** The rules of a direction, parted by a line of hyphens; none where nothing is let through. */
function rulesOf(lines: readonly Line[], end: 'from' | 'to'): JsonObject[] {
  const rules: Line[][] = [[]];
  for (const line of lines)
    if (/^-{3,}$/.test(line.text)) rules.push([]);
    else rules.at(-1)?.push(line);
  return rules
    .filter((rule) => rule.some(({ key }) => key !== undefined))
    .map((rule) => {
      const ports = rule.filter(({ key }) => key === 'To Port' || key === 'To Port Range').flatMap(portOf);
      const peers = rule.filter(({ key, below }) => key?.toLowerCase() === end && below.length > 0).map(peerOf);
      return known({
        ports: ports.length === 0 ? undefined : ports,
        [end]: peers.length === 0 ? undefined : peers,
      });
    });
}

/** `kubectl describe networkpolicy`. */
export function networkPolicyBody(lines: readonly Line[]): JsonObject {
  const spec = belowAt(lines, 'Spec');
  const types = valueAt(spec, 'Policy Types')?.split(/, ?/);
  const ingress = lineAt(spec, 'Allowing ingress traffic');
  const egress = lineAt(spec, 'Allowing egress traffic');
  const selected = valueAt(spec, 'PodSelector');
  return {
    spec: known({
      podSelector: selected?.startsWith('<none>') === true ? {} : selectorOf(selected),
      policyTypes: types,
      ingress: ingress && rulesOf(ingress.below, 'from'),
      egress: egress && rulesOf(egress.below, 'to'),
    }),
  };
}
