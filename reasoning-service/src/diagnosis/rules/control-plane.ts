import {
  type Bundle,
  type BundleEvent,
  type BundleLog,
  type BundleObject,
  type Subject,
  seconds,
} from '@aetherius/shared/contracts';
import { alertText, type Evidence, metricText } from '../evidence.ts';
import { citeEvents, citeObject, type Facts } from '../facts.ts';
import { subjectOf } from '../graph/object-key.ts';
import { conditionOf } from '../health/health.ts';
import type { Hypothesis, Rule } from '../hypothesis.ts';
import { textAt } from '../json-path.ts';
import { anyOf } from '../messages/any-of.ts';
import { finding } from '../said.ts';
import { heldUp, isControlPlane, isItsDoing, partOf } from './control-plane-reach.ts';
import { firing } from './performance.ts';

/** What it explains, and no more than that: what else is broken has a cause of its own. */
const reachOf = (facts: Facts) => ({ affects: heldUp(facts), canCause: isItsDoing(facts) });

/** How etcd tells that it waits for its disk, and all of the control plane with it. */
const waitsForDisk = /\bslow fdatasync\b|\bsync duration of \S{1,20}, expected less than\b/;

/** `of`: the etcd, of which the evidence is, and not of what ended. */
type Disk = { words: string; evidence: Evidence[]; of: Subject[] };
const noDisk: Disk = { words: '', evidence: [], of: [] };

/** What etcd says of its disk, where it says so: the last of it, and how often. */
function slowDisk(facts: Facts): Disk {
  const said = facts.bundle.logs
    .filter((log) => isOwnLog(facts, log))
    .flatMap((log) => facts.statements(log).map(({ line }) => ({ log, line })))
    .filter(({ line }) => waitsForDisk.test(line));
  const last = said.at(-1);
  if (last === undefined) return noDisk;
  const time = took.exec(last.line)?.[1];
  return {
    words: `; etcd waits for its disk: slow fdatasync${time === undefined ? '' : ` of ${time}`} (${said.length} times)`,
    evidence: [{ id: last.log.id, quote: last.line.slice(0, 500) }],
    of: [{ kind: 'Pod', namespace: last.log.namespace, name: last.log.pod }],
  };
}

/** Static pods of the control plane that do not fare well. */
function sickParts(facts: Facts): Hypothesis[] {
  const sick = facts.of('Pod').filter((pod) => partOf(pod) !== undefined && facts.health(pod).state === 'broken');
  const reach = sick.length === 0 ? undefined : reachOf(facts);
  const checked = unhealthyComponents(facts);
  const disk = slowDisk(facts);
  return sick.map((pod) => {
    const log = facts.logsOf(pod)[0];
    const said =
      log === undefined ? undefined : facts.statements(log).find(({ level }) => level === 'error' || level === 'fatal');
    const own = [
      ...checked.filter((one) => isOfPod(one, pod)).flatMap(citeCheck),
      ...citeObject(pod, 'state.'),
      ...(said === undefined || log === undefined ? [] : [{ id: log.id, quote: said.line.slice(0, 500) }]),
    ];
    return finding({
      category: 'control_plane_unhealthy',
      subject: facts.top(subjectOf(pod)),
      description: `${partOf(pod)} of the control plane does not run${said === undefined ? '' : `: ${said.text.slice(0, 200)}`}${disk.words}`,
      weight: 0.92,
      evidence: own.length === 0 ? [] : [...own, ...disk.evidence],
      ...reach,
      affects: [...(reach?.affects ?? []), ...disk.of],
    });
  });
}

const slowWords = anyOf(
  /apply request took too long|slow fdatasync|took too long.{0,60}to execute/i,
  /etcdserver: request timed out/i,
  /request did not complete within (?:the )?(?:requested|allotted) timeout/i,
  /unable to return a response in the time allotted|Timeout: request did not complete/i,
  /client-side throttling|leader failed to send out heartbeat on time|slow network/i,
  /read-only range request.{0,200}took too long/i,
);
const sickWords =
  /etcdserver: (?:no leader|leader changed|mvcc: database space exceeded)|lost (?:the )?leader|raft.{0,80}lost leader|failed to (?:acquire|renew) lease|(?:127\.0\.0\.1|\[::1\]):2379\b.{0,200}connection refused|leaderelection lost|NOSPACE|panic: |cluster ID mismatch|health check for peer .{0,120}failed/i;

/** `worth`: what it earns where nothing else is told. */
type Told = { evidence: Evidence; words: string; subject: Subject | undefined; worth: number };

/** One sign that is sure enough by itself, and two that bear each other out. */
const SURE = 0.82;
const BORNE_OUT = 0.9;
/** May have been a hiccup, and long past or lasting without harm: too little to be an answer by itself. */
const MAYBE = 0.65;
const FAINT = 0.5;

/** Lines that nobody else writes: those of etcd name its packages, and only an API server keeps a channel to an etcd beside it. */
const ownVoice =
  /"caller":"(?:etcdserver|etcdmain|wal|rafthttp|mvcc|embed|membership)\/|\] \[core\] .{0,80}createTransport.{0,80}(?:127\.0\.0\.1|\[::1\]):2379/;

/** Of a part of the control plane by its name, or by its voice where nothing tells whose log it is. */
const isOwnLog = ({ graph }: Facts, { namespace, pod, lines }: BundleLog): boolean =>
  isControlPlane(pod) ||
  (graph.find({ kind: 'Pod', namespace, name: pod }) === undefined && lines.some((line) => ownVoice.test(line)));

/** Seconds of `104.8ms`, `1.5s` or `1m2s`, as Go prints them. */
const units: Record<string, number> = { µs: 1e-6, us: 1e-6, ms: 1e-3, s: 1, m: 60, h: 3600 };
const secondsOf = (text: string): number =>
  [...text.matchAll(/([\d.]+)(µs|us|ms|s|m|h)/g)].reduce(
    (sum, [, value, unit = '']) => sum + Number(value) * (units[unit] ?? 0),
    0,
  );

const took = /"took":"([^"]{1,20})"|took too long \(([^)]{1,20})\)/;
/** Below this a request that etcd calls slow is felt by nobody; many of them are a slow disk. */
const FELT = 0.5;
const OFTEN = 5;

/** Requests that were hardly slower than etcd expects, and few of them: each log of a busy cluster has some. */
function isSlight(lines: readonly { line: string }[]): boolean {
  const times = lines.map(({ line }) => took.exec(line)).map((found) => found?.[1] ?? found?.[2]);
  return lines.length < OFTEN && times.every((time) => time !== undefined && secondsOf(time) < FELT);
}

function logWords(facts: Facts, pattern: RegExp): Told[] {
  return facts.bundle.logs
    .filter((log) => isOwnLog(facts, log))
    .flatMap((log) => {
      const said = facts.statements(log).filter(({ text }) => pattern.test(text));
      return (isSlight(said) ? [] : said.slice(0, 3)).map(({ line, text }) => ({
        evidence: { id: log.id, quote: line.slice(0, 500) },
        words: text,
        subject: isControlPlane(log.pod)
          ? facts.top({ kind: 'Pod', namespace: log.namespace, name: log.pod })
          : undefined,
        worth: SURE,
      }));
    });
}

const slowAlerts =
  /^KubeAPI(?:Latency|ErrorBudget|ServerLatency|ServerSlow|Terminated)|^etcd(?:High(?:FsyncDurations|CommitDurations|NumberOfFailedGRPC)|MemberCommunicationSlow|GRPCRequestsSlow)|^APIServer(?:Slow|Latency)/i;
const sickAlerts =
  /^(?:KubeAPIDown|KubeAPIServerDown|KubeControllerManagerDown|KubeSchedulerDown|etcd(?:NoLeader|InsufficientMembers|MembersDown|DatabaseQuotaLow|HighNumberOfLeaderChanges|DatabaseHighFragmentation)|KubeAggregatedAPIDown|KubeAPIServerErrors)/i;

/** Alerts over windows of hours and days: as a warning they fire in clusters that nobody finds anything wrong with. */
const ofLongWindows = /^KubeAPIErrorBudgetBurn|^etcdDatabaseHighFragmentation/i;
const CHRONIC = seconds('12h');

/** What only warns, and does so of days or since long, tells of no trouble now. */
function isChronic({ now }: Facts, { name, labels, starts_at: start }: Bundle['alerts'][number]): boolean {
  const isWarning = /^(?:warning|info)$/i.test(labels['severity'] ?? '');
  const isOld = start !== null && start !== undefined && (now - Date.parse(start)) / 1000 > CHRONIC;
  return isWarning && (isOld || ofLongWindows.test(name));
}

const alerted = (facts: Facts, pattern: RegExp): Told[] =>
  firing(facts)
    .filter(({ name }) => pattern.test(name))
    .map((alert) => ({
      evidence: { id: alert.id, quote: alertText(alert).split('\n')[0] ?? '' },
      words: `alert ${alert.name} fires`,
      subject: undefined,
      worth: isChronic(facts, alert) ? FAINT : SURE,
    }));

/** Seconds a request to the API server or to etcd may take; the SLO of Kubernetes for calls on one object is one second. */
const SLOW_REQUEST = 1;

const slowMetrics = (facts: Facts): Told[] =>
  facts.bundle.metrics
    .filter(({ name, points }) => {
      const isRequest =
        /apiserver_request.*(?:duration|latency)|etcd_(?:disk_(?:wal_fsync|backend_commit)|request)_duration/i.test(
          name,
        );
      return isRequest && !/bucket|count|sum/.test(name) && (points.at(-1)?.[1] ?? 0) > SLOW_REQUEST;
    })
    .map((metric) => ({
      evidence: { id: metric.id, quote: metricText(metric) },
      words: metricText(metric),
      subject: undefined,
      worth: SURE,
    }));

/** Clients try again within seconds: what is older and did not come again is over. */
const FRESH = seconds('10m');
const REPEATED = 3;

/** Events in which clients of the API server complain of it. */
function complaints(facts: Facts): Told[] {
  const told = facts.events({ message: slowWords });
  const isFresh = (event: BundleEvent): boolean => (facts.now - Date.parse(event.last_timestamp)) / 1000 <= FRESH;
  const times = told.filter(isFresh).reduce((sum, { count }) => sum + count, 0);
  return told.map((event) => ({
    evidence: citeEvents([event])[0] as Evidence,
    words: event.message,
    subject: undefined,
    worth: isFresh(event) ? (times >= REPEATED ? SURE : MAYBE) : FAINT,
  }));
}

/** The API server, or the cluster as a whole where its pod is not there to be named. */
function apiServer({ bundle, of, top }: Facts): Subject {
  const pod = of('Pod').find(({ name }) => name.startsWith('kube-apiserver'));
  return pod === undefined ? { kind: 'Cluster', namespace: null, name: bundle.cluster } : top(subjectOf(pod));
}

/** Two that are sure bear each other out; else the surest counts. */
const weightOf = (told: readonly Told[]): number =>
  told.filter(({ worth }) => worth >= SURE).length > 1 ? BORNE_OUT : Math.max(...told.map(({ worth }) => worth));

function summary(
  facts: Facts,
  category: 'api_server_slow' | 'control_plane_unhealthy',
  told: readonly Told[],
): Hypothesis[] {
  const [first, ...others] = [...told].sort((a, b) => b.worth - a.worth);
  if (first === undefined) return [];
  const disk = waitsForDisk.test(first.words) ? noDisk : slowDisk(facts);
  const reach = reachOf(facts);
  return [
    finding({
      category,
      subject: first.subject ?? apiServer(facts),
      description: `${category === 'api_server_slow' ? 'the API server answers slowly' : 'the control plane is not healthy'}: ${first.words.slice(0, 200)}${disk.words}`,
      weight: weightOf(told),
      evidence: [first.evidence, ...disk.evidence, ...others.map(({ evidence }) => evidence)],
      ...reach,
      affects: [...reach.affects, ...disk.of],
    }),
  ];
}

const unhealthyComponents = (facts: Facts): BundleObject[] =>
  facts.of('ComponentStatus').filter((object) => textAt(checkOf(object), 'status') === 'False');

/** Whether a component as a check calls it, `scheduler` or `etcd-0`, is what a pod of the control plane runs. */
function isOfPod({ name }: BundleObject, pod: BundleObject): boolean {
  const component = name.replace(/-\d+$/, '');
  const part = partOf(pod);
  return (
    part !== undefined && [component, `kube-${component}`].some((one) => part === one || part.startsWith(`${one}-`))
  );
}

/** What a check was answered says more than that it failed. */
const citeCheck = (object: BundleObject): Evidence[] => {
  const [said] = [textAt(checkOf(object), 'error'), textAt(checkOf(object), 'message')].filter(Boolean);
  return citeObject(object, said?.slice(0, 200) ?? 'status: False');
};

/** Components as `kubectl get componentstatuses` tells them, but for those whose pod tells the same. */
function reported(facts: Facts): Told[] {
  const pods = facts.of('Pod').filter((pod) => partOf(pod) !== undefined && facts.health(pod).state === 'broken');
  return unhealthyComponents(facts)
    .filter((object) => !pods.some((pod) => isOfPod(object, pod)))
    .map((object) => ({
      evidence: citeCheck(object)[0] ?? { id: object.id, quote: '' },
      words: `${object.name} is unhealthy`,
      subject: subjectOf(object),
      worth: SURE,
    }));
}

const checkOf = (object: BundleObject) =>
  conditionOf({ ...object, body: { status: { conditions: object.body['conditions'] ?? [] } } }, 'Healthy');
/** Faults of the control plane itself: its own pods, its own words, alerts and metrics about it. */
export const controlPlane: Rule = (facts) => [
  ...sickParts(facts),
  ...summary(facts, 'control_plane_unhealthy', [
    ...logWords(facts, sickWords),
    ...alerted(facts, sickAlerts),
    ...reported(facts),
  ]),
  ...summary(facts, 'api_server_slow', [
    ...slowMetrics(facts),
    ...alerted(facts, slowAlerts),
    ...logWords(facts, slowWords),
    ...complaints(facts),
  ]),
];
