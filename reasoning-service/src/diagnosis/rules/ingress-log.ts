import type { BundleLog, Subject } from '@aetherius/shared/contracts';
import type { Evidence } from '../evidence.ts';
import type { Facts } from '../facts.ts';
import { keyOf } from '../graph/object-key.ts';
import type { Hypothesis, Rule } from '../hypothesis.ts';
import { finding, groupBy } from '../said.ts';
import { readyAddresses } from './service.ts';

/** How ingress-nginx says that nobody stands behind a Service. */
const unserved = /\bService "([a-z0-9][a-z0-9-]{0,62})\/([a-z0-9][a-z0-9-]{0,62})" does not have any active Endpoint/;
/** How Traefik says the same, with the Service in fields of its own. */
const ofTraefik = /\b(?:no endpoints found|endpoints? not found|subset not found)\b/;
const namespaceField = /\bnamespace"?[=:]\s?"?([a-z0-9][a-z0-9-]{0,62})(?=["\s,}]|$)/;
const nameField = /\bserviceName"?[=:]\s?"?([a-z0-9][a-z0-9-]{0,62})(?=["\s,}]|$)/;
/** Its access log: the answer, and the upstream `<namespace>-<service>-<port>` with who answered. */
const access =
  /" ([1-5]\d\d) \d{1,12} "[^"]{0,800}" "[^"]{0,800}" \d{1,12} [\d.]{1,12} \[([a-z0-9-]{1,200})\] \[[^\]]{0,200}\] (\S{1,200}) /;

type Seen = { service: Subject; said: Evidence[]; refused: Evidence[]; isServed: boolean };

const upstream = ({ namespace, name }: Subject): string => `${namespace}-${name}-`;

/** Whether a later line shows that somebody answers there, or that nobody does. */
function follow(seen: readonly Seen[], log: BundleLog, line: string): void {
  const [, status = '', name = '', by] = access.exec(line) ?? [];
  for (const one of seen) {
    if (by === undefined || !name.startsWith(upstream(one.service))) continue;
    one.isServed = by !== '-';
    if (!one.isServed && status === '503') one.refused.push({ id: log.id, quote: line.slice(0, 500) });
  }
}

/** More are not followed through one log. */
const MOST_SERVICES = 100;

/** The Service of which a line says that nobody stands behind it. */
function unservedBy(line: string): Subject | undefined {
  const isTraefik = ofTraefik.test(line);
  const [namespace, name] = isTraefik
    ? [namespaceField.exec(line)?.[1], nameField.exec(line)?.[1]]
    : (unserved.exec(line)?.slice(1) ?? []);
  return namespace === undefined || name === undefined ? undefined : { kind: 'Service', namespace, name };
}

/** The Services of which a log says so, each with what came after. */
function unservedIn(log: BundleLog): Seen[] {
  const seen = new Map<string, Seen>();
  for (const whole of log.lines) {
    const line = whole.slice(0, 2_000);
    const service = unservedBy(line);
    if (service === undefined) {
      if (seen.size > 0) follow([...seen.values()], log, line);
      continue;
    }
    if (seen.size >= MOST_SERVICES && !seen.has(keyOf(service))) continue;
    const one = seen.get(keyOf(service)) ?? { service, said: [], refused: [], isServed: false };
    one.said.push({ id: log.id, quote: line.slice(0, 500) });
    one.isServed = false;
    seen.set(keyOf(service), one);
  }
  return [...seen.values()].filter(({ isServed }) => !isServed);
}

/** Requests that were turned away, or a complaint that comes again, are more than a moment of a rollout. */
const OFTEN = 3;
const isSure = ({ said, refused }: Seen): boolean => refused.length > 0 || said.length >= OFTEN;

/** Services of which the log of an ingress controller says that nobody stands behind them. */
export const unservedBackend: Rule = (facts: Facts): Hypothesis[] =>
  groupBy(facts.bundle.logs.flatMap(unservedIn), ({ service }) => keyOf(service)).flatMap((group) => {
    const [first] = group;
    if (first === undefined || (readyAddresses(facts, first.service) ?? 0) > 0) return [];
    const refused = group.flatMap((one) => one.refused);
    const answers = refused.length === 0 ? '' : `; ${refused.length} requests got the answer 503`;
    return finding({
      category: 'service_no_endpoints',
      subject: first.service,
      description: `the ingress controller finds no endpoint behind the service${answers}`,
      weight: group.some(isSure) ? 0.88 : 0.68,
      evidence: [...group.flatMap(({ said }) => said.slice(-1)), ...refused.slice(-2)],
    });
  });
