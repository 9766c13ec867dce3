import type { Bundle, Category, Subject } from '@aetherius/shared/contracts';
import { alertText, type Evidence, metricText } from '../evidence.ts';
import type { Facts } from '../facts.ts';
import type { Hypothesis, Rule } from '../hypothesis.ts';
import { finding, groupBy } from '../said.ts';

type Sign = { category: Category; subject: Subject; evidence: Evidence; words: string; weight: number };

/** Labels that name an object, the most telling first: a pod beside another kind's name is mostly the one that measured. */
const kinds: readonly [string, string][] = [
  ['deployment', 'Deployment'],
  ['statefulset', 'StatefulSet'],
  ['daemonset', 'DaemonSet'],
  ['job_name', 'Job'],
  ['cronjob', 'CronJob'],
  ['horizontalpodautoscaler', 'HorizontalPodAutoscaler'],
  ['persistentvolumeclaim', 'PersistentVolumeClaim'],
  ['pod', 'Pod'],
];

/** What a scrape calls its own target makes way for what the metric itself says, which Prometheus then keeps as `exported_…`. */
const ofScrape = ['namespace', 'pod', 'container', 'service', 'job', 'instance', 'node', 'endpoint'];

function ownLabels(labels: Record<string, string>): Record<string, string> {
  const exported = Object.entries(labels).filter(([label]) => label.startsWith('exported_'));
  if (exported.length === 0) return labels;
  const stated = Object.entries(labels).filter(
    ([label]) => !ofScrape.includes(label) && !label.startsWith('exported_'),
  );
  return Object.fromEntries([...stated, ...exported.map(([label, name]) => [label.slice('exported_'.length), name])]);
}

/** The pod that labels are about, where it is not the one that measured something else. */
export function podIn(labels: Record<string, string>): string | undefined {
  const { pod, node } = labels;
  const isBeside = node !== undefined || kinds.some(([label, kind]) => kind !== 'Pod' && labels[label] !== undefined);
  return pod !== undefined && isBeside && exporters.test(pod) ? undefined : pod;
}

/** How Kubernetes lets a Service be called; anything else in its place is no name. */
const objectName = /^[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** What the labels of an alert or a metric name; the bundle's subject where they name nothing. */
export function subjectIn(facts: Facts, given: Record<string, string>): Subject {
  const labels = ownLabels(given);
  const namespace = labels['namespace'] ?? facts.subject.namespace;
  for (const [label, kind] of kinds) {
    const name = label === 'pod' ? podIn(labels) : labels[label];
    if (name !== undefined) return facts.top({ kind, namespace, name });
  }
  const node = labels['node'];
  if (node !== undefined) return { kind: 'Node', namespace: null, name: node };
  const service = labels['service'] ?? labels['app'] ?? labels['workload'];
  const known = ['Deployment', 'StatefulSet', 'Service']
    .map((kind) => ({ kind, namespace, name: service ?? '' }))
    .find((one) => facts.graph.find(one) !== undefined);
  return known ?? servedBy(facts, labels) ?? facts.subject;
}

/** Services whose name on a figure says who measured it, not what was measured. */
const exporters =
  /kube-state-metrics|node-exporter|kubelet|cadvisor|pushgateway|blackbox|prometheus|alertmanager|grafana/;

/** A Service that labels name in full, where a bundle is about no object and no whole listing says that there is none. */
function servedBy({ subject, graph }: Facts, { namespace, service }: Record<string, string>): Subject | undefined {
  const isOverview = subject.kind === 'Cluster' || subject.kind === 'Namespace';
  if (!isOverview || namespace === undefined || service === undefined) return undefined;
  if (!objectName.test(service) || exporters.test(service) || graph.isWhole('Service', namespace)) return undefined;
  return { kind: 'Service', namespace, name: service };
}

/** What the labels of an alert must say besides; pressure of a node and the end of a container have many alerts. */
type AlertKind = {
  pattern: RegExp;
  category: Category;
  weight: number;
  labels?: readonly [label: string, value: string];
};

const alertKinds: readonly AlertKind[] = [
  { pattern: /./, labels: ['reason', 'OOMKilled'], category: 'oom_killed', weight: 0.82 },
  { pattern: /OOM_?Kill/i, category: 'oom_killed', weight: 0.78 },
  { pattern: /Node/i, labels: ['condition', 'MemoryPressure'], category: 'node_memory_pressure', weight: 0.82 },
  { pattern: /Node/i, labels: ['condition', 'DiskPressure'], category: 'node_disk_pressure_eviction', weight: 0.82 },
  { pattern: /Node/i, labels: ['condition', 'PIDPressure'], category: 'node_pid_pressure', weight: 0.82 },
  { pattern: /^KubeJob/, labels: ['reason', 'BackoffLimitExceeded'], category: 'job_failed_backoff', weight: 0.8 },
  { pattern: /^CPUThrottl/i, category: 'cpu_throttling', weight: 0.88 },
  { pattern: /^KubeHpaMaxedOut/i, category: 'autoscaler_misconfiguration', weight: 0.75 },
  { pattern: /^KubeNodeNotReady|^KubeNodeUnreachable/i, category: 'node_not_ready', weight: 0.78 },
  { pattern: /^KubeQuota(?:Exceeded|FullyUsed)/i, category: 'quota_exceeded', weight: 0.7 },
  {
    pattern: /^KubePersistentVolumeFillingUp|^(?:PVC|Volume|Disk).{0,20}(?:Full|AlmostFull)/i,
    category: 'disk_full',
    weight: 0.78,
  },
  {
    pattern: /^KubeCPUOvercommit|^KubeMemoryOvercommit|^KubeletTooManyPods/i,
    category: 'node_overcommit',
    weight: 0.72,
  },
  { pattern: /cert(?:ificate)?.{0,20}expir/i, category: 'tls_certificate_expired', weight: 0.75 },
  {
    pattern: /(?:slow|long).{0,10}quer|(?:db|database|postgres|mysql|mongo).{0,20}(?:slow|latency)/i,
    category: 'slow_dependency_db',
    weight: 0.82,
  },
  {
    pattern: /^(?:RabbitMQ|Rabbitmq|Kafka|NATS).{0,30}(?:partition|split|quorum)/i,
    category: 'message_broker_partition',
    weight: 0.82,
  },
  { pattern: /latenc|slow|p9\d|response.?time|duration/i, category: 'latency_high', weight: 0.8 },
];

/** Alerts that are there to show that alerting works, or to inform. */
const isIdle = ({ name, labels, ends_at: end }: Bundle['alerts'][number]): boolean =>
  end !== null ||
  /^(?:Watchdog|InfoInhibitor|DeadMansSwitch)$/i.test(name) ||
  labels['severity'] === 'none' ||
  labels['severity'] === 'info';

/** Alerts that say that something is wrong. */
export const firing = (facts: Facts): Bundle['alerts'] => facts.bundle.alerts.filter((alert) => !isIdle(alert));

/** kubernetes-mixin ships these as a mere information; each is the evidence of a category all the same. */
const informs = ({ name, ends_at: end }: Bundle['alerts'][number]): boolean =>
  end === null && /^CPUThrottl|^KubeNodePressure/i.test(name);

const byAlerts = (facts: Facts): Sign[] =>
  facts.bundle.alerts.flatMap((alert) => {
    if (isIdle(alert) && !informs(alert)) return [];
    const kind = alertKinds.find(
      ({ pattern, labels: wanted }) =>
        pattern.test(alert.name) && (wanted === undefined || alert.labels[wanted[0]] === wanted[1]),
    );
    if (kind === undefined || /^(?:KubeAPI|etcd)/i.test(alert.name)) return [];
    const told = alert.annotations['description'] ?? alert.annotations['summary'] ?? alert.annotations['message'];
    return [
      {
        category: kind.category,
        subject: subjectIn(facts, alert.labels),
        evidence: { id: alert.id, quote: alertText(alert).split('\n')[0] ?? '' },
        words: `alert ${alert.name} fires${told === undefined ? '' : `: ${told.slice(0, 200)}`}`,
        weight: kind.weight,
      },
    ];
  });

/** A quarter of the periods throttled is what the kubernetes-mixin alert calls high. */
const THROTTLED = 0.25;
/** A share of a volume above which writes soon fail. */
const FULL = 0.97;
const SLOW_SECONDS = 1;
/** Below this nobody waits, however much it has grown. */
const FELT_SECONDS = 0.25;
const TIMES_BEFORE = 3;

const unitOf = (name: string): number => (/(?:_ms|millis|milliseconds)/i.test(name) ? 0.001 : 1);

/** High against its own past where it has one, and against a second where it has not. */
function isSlow({ name, points }: Bundle['metrics'][number]): boolean {
  const values = points.map(([, value]) => value * unitOf(name));
  const last = values.at(-1) ?? 0;
  const past = values.slice(0, Math.floor(values.length / 2)).sort((a, b) => a - b);
  const usual = past[Math.floor(past.length / 2)];
  if (usual === undefined) return last > SLOW_SECONDS;
  return last > FELT_SECONDS && (last > usual * TIMES_BEFORE || usual > SLOW_SECONDS);
}

type MetricKind = {
  pattern: RegExp;
  category: Category;
  weight: number;
  words: string;
  isBad: (metric: Bundle['metrics'][number]) => boolean;
};

const last = ({ points }: Bundle['metrics'][number]): number => points.at(-1)?.[1] ?? 0;

const metricKinds: readonly MetricKind[] = [
  {
    pattern: /throttl/i,
    category: 'cpu_throttling',
    weight: 0.9,
    words: 'its CPU limit holds it back',
    isBad: (metric) =>
      !/_total$|_seconds$/.test(metric.name) && last(metric) >= (last(metric) > 1 ? THROTTLED * 100 : THROTTLED),
  },
  {
    pattern: /(?:volume|disk|filesystem|fs|storage|inodes).*(?:used|usage|utili[sz]ation).*(?:ratio|percent|pct)/i,
    category: 'disk_full',
    weight: 0.85,
    words: 'a volume is full',
    isBad: (metric) => last(metric) >= (last(metric) > 1.5 ? FULL * 100 : FULL),
  },
  {
    pattern: /(?:db|database|sql|query|postgres|mysql|mongo|redis).*(?:latency|duration|seconds|p9\d|_ms)/i,
    category: 'slow_dependency_db',
    weight: 0.86,
    words: 'its database answers slowly',
    isBad: isSlow,
  },
  {
    pattern: /latency|duration|response_time|p9[059]/i,
    category: 'latency_high',
    weight: 0.8,
    words: 'it answers slowly',
    isBad: isSlow,
  },
];

const byMetrics = (facts: Facts): Sign[] =>
  facts.bundle.metrics.flatMap((metric) => {
    if (/^(?:apiserver|etcd)_/.test(metric.name)) return [];
    const kind = metricKinds.find(({ pattern }) => pattern.test(metric.name));
    if (kind === undefined || !kind.isBad(metric)) return [];
    const quote = metricText(metric);
    return [
      {
        category: kind.category,
        subject: subjectIn(facts, metric.labels),
        evidence: { id: metric.id, quote },
        words: `${kind.words}: ${quote}`,
        weight: kind.weight,
      },
    ];
  });

const increase = ({ points }: Bundle['metrics'][number]): number => (points.at(-1)?.[1] ?? 0) - (points[0]?.[1] ?? 0);

/** The kubelet's two counters: of how many scheduling periods the limit cut short. */
const byCounters = (facts: Facts): Sign[] =>
  facts.bundle.metrics
    .filter(({ name }) => /cfs_throttled_periods_total$/.test(name))
    .flatMap((throttled) => {
      const { pod, container } = throttled.labels;
      const all = facts.bundle.metrics.find(
        ({ name, labels }) =>
          /cfs_periods_total$/.test(name) && labels['pod'] === pod && labels['container'] === container,
      );
      const share = all === undefined ? 0 : increase(throttled) / Math.max(1, increase(all));
      if (share < THROTTLED) return [];
      const quote = metricText(throttled);
      const words = `its CPU limit holds it back in ${Math.round(share * 100)} % of all periods`;
      const evidence = { id: throttled.id, quote };
      return [
        { category: 'cpu_throttling', subject: subjectIn(facts, throttled.labels), evidence, words, weight: 0.92 },
      ];
    });

/** Slowness and its causes, as alerts and metrics show them. */
export const performance: Rule = (facts): Hypothesis[] =>
  groupBy(
    [...byCounters(facts), ...byMetrics(facts), ...byAlerts(facts)],
    ({ category, subject }) => `${category} ${JSON.stringify(subject)}`,
  ).flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    return finding({
      category: first.category,
      subject: first.subject,
      description: first.words,
      weight: Math.min(0.95, first.weight + 0.03 * (group.length - 1)),
      evidence: group.map(({ evidence }) => evidence),
    });
  });
