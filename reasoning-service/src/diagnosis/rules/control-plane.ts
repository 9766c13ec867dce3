import { type Bundle, type BundleEvent, type BundleObject, type Subject, seconds } from '@aetherius/shared/contracts';
import { alertText, type Evidence, metricText } from '../evidence.ts';
import { citeEvents, citeObject, type Facts } from '../facts.ts';
import { subjectOf } from '../graph/object-key.ts';
import { conditionOf } from '../health/health.ts';
import type { Hypothesis, Rule } from '../hypothesis.ts';
import { textAt } from '../json-path.ts';
import { anyOf } from '../messages/any-of.ts';
import type { Statement } from '../messages/log-line.ts';
import { finding } from '../said.ts';
import { apiServer, heldUp, isControlPlane, isItsDoing, partOf } from './control-plane-reach.ts';
import {
  type Disk,
  isOwnLog,
  noDisk,
  saidOfFullDatabase,
  slowDisk,
  took,
  waitsForDisk,
  withAlarm,
} from './etcd-words.ts';
import { firing } from './performance.ts';

/** What it explains, and no more than that: what else is broken has a cause of its own. */
const reachOf = (facts: Facts) => ({ affects: heldUp(facts), canCause: isItsDoing(facts) });

/** What a part writes whose etcd or API server does not serve it. */
const ofOthers =
  /etcd|leader ?election|\blease\b|:(?:2379|6443)\b|apiserver|connection refused|context deadline exceeded/i;

/** etcd before the API server, and both before who lives on them, unless a part tells of a fault that neither of them is behind. */
function weightOfPart(part: string | undefined, errors: readonly Statement[]): number {
  const isOwnFault = errors.length > 0 && !errors.some(({ text }) => ofOthers.test(text));
  if (isOwnFault || part?.startsWith('etcd')) return 0.93;
  return part?.startsWith('kube-apiserver') ? 0.92 : 0.91;
}

/** Static pods of the control plane that do not fare well. */
function sickParts(facts: Facts, disk: Disk): Hypothesis[] {
  const sick = facts.of('Pod').filter((pod) => partOf(pod) !== undefined && facts.health(pod).state === 'broken');
  const reach = sick.length === 0 ? undefined : reachOf(facts);
  const checked = unhealthyComponents(facts);
  return sick.map((pod) => {
    const log = facts.logsOf(pod)[0];
    const errors =
      log === undefined ? [] : facts.statements(log).filter(({ level }) => level === 'error' || level === 'fatal');
    const [said] = errors;
    const ends = citeObject(pod, 'state.');
    const own = [
      ...checked.filter((one) => isOfPod(one, pod)).flatMap(citeCheck),
      // A row of a pod that is up again shows how often it was started anew, and no state.
      ...(ends.length > 0 ? ends : citeObject(pod, facts.health(pod).line)),
      ...(said === undefined || log === undefined ? [] : [{ id: log.id, quote: said.line.slice(0, 500) }]),
    ];
    return finding({
      category: 'control_plane_unhealthy',
      subject: facts.top(subjectOf(pod)),
      description: `${partOf(pod)} of the control plane does not run${said === undefined ? '' : `: ${withAlarm(said).slice(0, 200)}`}${disk.words}`,
      weight: weightOfPart(partOf(pod), errors),
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
  /etcdserver: (?:no leader|leader changed)|lost (?:the )?leader|raft.{0,80}lost leader|failed to (?:acquire|renew) lease|(?:127\.0\.0\.1|\[::1\]):2379\b.{0,200}connection refused|leaderelection lost|panic: |cluster ID mismatch|health check for peer .{0,120}failed/i;

/** `worth`: what it earns where nothing else is told. */
type Told = { evidence: Evidence; words: string; subject: Subject | undefined; worth: number };

/** One sign that is sure enough by itself, and two that bear each other out. */
const SURE = 0.82;
const BORNE_OUT = 0.9;
/** May have been a hiccup, and long past or lasting without harm: too little to be an answer by itself. */
const MAYBE = 0.65;
const FAINT = 0.5;

/** Seconds of `104.8ms`, `1.5s` or `1m2s`, as Go prints them. */
const units: Record<string, number> = { µs: 1e-6, us: 1e-6, ms: 1e-3, s: 1, m: 60, h: 3600 };
const secondsOf = (text: string): number =>
  [...text.matchAll(/([\d.]+)(µs|us|ms|s|m|h)/g)].reduce(
    (sum, [, value, unit = '']) => sum + Number(value) * (units[unit] ?? 0),
    0,
  );

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

/** Two that are sure bear each other out; else the surest counts. */
const weightOf = (told: readonly Told[]): number =>
  told.filter(({ worth }) => worth >= SURE).length > 1 ? BORNE_OUT : Math.max(...told.map(({ worth }) => worth));

function summary(
  facts: Facts,
  category: 'api_server_slow' | 'control_plane_unhealthy',
  { told, disk: slow }: { told: readonly Told[]; disk: Disk },
): Hypothesis[] {
  const [first, ...others] = [...told].sort((a, b) => b.worth - a.worth);
  if (first === undefined) return [];
  const disk = waitsForDisk.test(first.words) ? noDisk : slow;
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

/** An etcd whose database is full: whatever else its log tells, that is what keeps all of the control plane from writing. */
function fullDatabase(facts: Facts, told: readonly Evidence[]): Hypothesis[] {
  if (told.length === 0) return [];
  const etcd = facts.of('Pod').find((pod) => partOf(pod)?.startsWith('etcd'));
  const subject = etcd === undefined ? apiServer(facts) : facts.top(subjectOf(etcd));
  const checks = unhealthyComponents(facts).filter((one) => etcd !== undefined && isOfPod(one, etcd));
  const reach = reachOf(facts);
  return [
    finding({
      category: 'control_plane_unhealthy',
      subject,
      description:
        'the database of etcd is full (alarm NOSPACE, database space exceeded): it refuses every write until it is compacted and defragmented and the alarm is disarmed',
      weight: 0.95,
      evidence: [...told.slice(0, 3), ...checks.flatMap(citeCheck)],
      ...reach,
      affects: [...reach.affects, ...(etcd === undefined ? [] : [subjectOf(etcd)])],
    }),
  ];
}

/** Faults of the control plane itself: its own pods, its own words, alerts and metrics about it. */
export const controlPlane: Rule = (facts) => {
  const full = saidOfFullDatabase(facts);
  const disk = full.length > 0 ? noDisk : slowDisk(facts);
  return [
    ...fullDatabase(facts, full),
    ...sickParts(facts, disk),
    ...summary(facts, 'control_plane_unhealthy', {
      told: [...logWords(facts, sickWords), ...alerted(facts, sickAlerts), ...reported(facts)],
      disk,
    }),
    ...summary(facts, 'api_server_slow', {
      told: [...slowMetrics(facts), ...alerted(facts, slowAlerts), ...logWords(facts, slowWords), ...complaints(facts)],
      disk,
    }),
  ];
};
