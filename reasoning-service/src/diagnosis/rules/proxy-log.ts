import type { BundleLog, Subject } from '@aetherius/shared/contracts';
import type { Evidence } from '../evidence.ts';
import type { Facts } from '../facts.ts';
import { serviceNamed } from '../graph/calls.ts';
import type { Hypothesis, Rule } from '../hypothesis.ts';
import { finding } from '../said.ts';
import { readyAddresses } from './service.ts';

/** What a line of a proxy tells of those behind it: whether one of them answers. */
type Report = { upstream: string; isServed: boolean; hasNobody: boolean };

/** Envoy's access log, as text and as JSON: the answer with its flags, and the cluster that was to answer. */
const envoyText = /" ([1-5]\d\d) (-|[A-Z]{2,6}(?:,[A-Z]{2,6}){0,6}) /;
const envoyStatus = /"response_code":\s?"?([1-5]\d\d)\b/;
const envoyFlags = /"response_flags":\s?"(-|[A-Z]{2,6}(?:,[A-Z]{2,6}){0,6})"/;
const envoyCluster = /\boutbound\|(\d{1,5})\|[^|\s]{0,63}\|([a-z0-9][a-z0-9.-]{0,252})/;
/** No connection came about; of all upstream hosts none is healthy. */
const failed = /\b(?:UF|UH)\b/;

function byEnvoy(line: string): Report | undefined {
  if (!line.includes('outbound|')) return undefined;
  const [, status, flags] = envoyText.exec(line) ?? ['', envoyStatus.exec(line)?.[1], envoyFlags.exec(line)?.[1]];
  const [, port, host] = envoyCluster.exec(line) ?? [];
  if (status === undefined || flags === undefined || host === undefined) return undefined;
  const upstream = `${host}:${port}`;
  if (failed.test(flags)) return { upstream, isServed: false, hasNobody: /\bUH\b/.test(flags) };
  return flags === '-' && status < '500' ? { upstream, isServed: true, hasNobody: false } : undefined;
}

/** HAProxy of its servers; one that is down while another serves is no fault yet. */
const haproxyDown =
  /\bServer ([\w.-]{1,120})\/[\w.-]{1,120} is (?:DOWN|going DOWN)\b.{0,300}?\b0 active and 0 backup servers left\b/;
const haproxyNone = /\b(?:backend|proxy) '?([\w.-]{1,120})'? has no server available\b/;
const haproxyUp = /\bServer ([\w.-]{1,120})\/[\w.-]{1,120} is UP\b/;

function byHaproxy(line: string): Report | undefined {
  const down = (haproxyDown.exec(line) ?? haproxyNone.exec(line))?.[1];
  if (down !== undefined) return { upstream: down, isServed: false, hasNobody: false };
  const up = line.includes(' is UP') ? haproxyUp.exec(line)?.[1] : undefined;
  return up === undefined ? undefined : { upstream: up, isServed: true, hasNobody: false };
}

type Seen = { upstream: string; said: Evidence[]; hasNobody: boolean };

/** More are not followed through one log. */
const MOST_UPSTREAMS = 100;

/** Those behind a proxy that do not answer up to the end of its log. */
function deadIn(log: BundleLog): Seen[] {
  const seen = new Map<string, Seen>();
  for (const whole of log.lines) {
    const line = whole.slice(0, 2_000);
    const report = byEnvoy(line) ?? byHaproxy(line);
    if (report === undefined) continue;
    const { upstream, isServed, hasNobody } = report;
    const said = [...(seen.get(upstream)?.said ?? []), { id: log.id, quote: line.slice(0, 500) }];
    if (isServed) seen.delete(upstream);
    else if (seen.has(upstream) || seen.size < MOST_UPSTREAMS) seen.set(upstream, { upstream, said, hasNobody });
  }
  return [...seen.values()];
}

/** One request may fail by chance. */
const OFTEN = 3;
const weightOf = ({ length }: readonly Evidence[]): number => (length >= OFTEN ? 0.88 : length > 1 ? 0.78 : 0.68);

function explain(facts: Facts, log: BundleLog, { upstream, said, hasNobody }: Seen): Hypothesis[] {
  const service = upstream.includes('.svc') ? serviceNamed(upstream, log.namespace)?.service : undefined;
  const known = service !== undefined && facts.graph.find(service) !== undefined ? service : undefined;
  const times = said.length === 1 ? 'once' : `${said.length} times`;
  const common = { weight: weightOf(said), evidence: said.slice(-2) };
  if (hasNobody && service !== undefined && (readyAddresses(facts, service) ?? 0) === 0)
    return [
      finding({
        ...common,
        category: 'service_no_endpoints',
        subject: service,
        description: `a proxy finds nobody behind the service who is healthy: its log says so ${times}`,
      }),
    ];
  const pod: Subject = { kind: 'Pod', namespace: log.namespace, name: log.pod };
  return [
    finding({
      ...common,
      category: 'dependency_unreachable',
      subject: facts.top(pod),
      description: `${upstream} does not answer the proxy: its log says so ${times}, and nothing that it answered after that`,
      ...(known === undefined ? {} : { cause: known }),
      ...(service === undefined ? {} : { address: { kind: 'Address', namespace: null, name: upstream } }),
      affects: [pod],
    }),
  ];
}

/** Upstreams of which the log of a proxy says, up to its end, that they do not answer. */
export const deadUpstream: Rule = (facts) =>
  facts.bundle.logs.flatMap((log) => deadIn(log).flatMap((seen) => explain(facts, log, seen)));
