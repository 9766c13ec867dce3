/** What the rows of a query are about, and the labels that name it. */
export type About =
  | { kind: 'workload'; namespace: string; name: string }
  | { kind: 'pod'; namespace: string; name: string }
  | { kind: 'claim'; namespace: string; name: string }
  /** Scrapes name nodes in one of several labels; the first that names a node counts. */
  | { kind: 'node'; names: string[] }
  | { kind: 'call'; caller: [namespace: string, name: string]; callee: [namespace: string, name: string] };

/** One query that the agent may ask Prometheus, and the name its series gets. */
export type PrometheusQuery = {
  name: string;
  about: About;
  query: string;
  /** Of several rows of one object the largest counts instead of their mean. */
  most?: true;
};

const WINDOW = '2m';

type Labels = { [Kind in About['kind']]?: Extract<About, { kind: Kind }> };
function labelsOf(about: About): string[] {
  if (about.kind === 'call') return [...about.caller, ...about.callee];
  return about.kind === 'node' ? about.names : [about.namespace, about.name];
}
const grouped = (about: About): string => labelsOf(about).join(', ');

const rate = (about: About, selector: string): string => `sum by (${grouped(about)}) (rate(${selector}[${WINDOW}]))`;
const divided = (about: About, over: string, under: string): string => `${rate(about, over)} / ${rate(about, under)}`;
const p95 = (about: About, selector: string): string =>
  `histogram_quantile(0.95, sum by (${grouped(about)}, le) (rate(${selector}[${WINDOW}])))`;

const istio = {
  workload: { kind: 'workload', namespace: 'destination_workload_namespace', name: 'destination_workload' },
  call: {
    kind: 'call',
    caller: ['source_workload_namespace', 'source_workload'],
    callee: ['destination_workload_namespace', 'destination_workload'],
  },
} as const satisfies Labels;
const linkerd = {
  workload: { kind: 'workload', namespace: 'namespace', name: 'deployment' },
  call: { kind: 'call', caller: ['namespace', 'deployment'], callee: ['dst_namespace', 'dst_deployment'] },
} as const satisfies Labels;
const pod: About = { kind: 'pod', namespace: 'namespace', name: 'pod' };
const claim: About = { kind: 'claim', namespace: 'namespace', name: 'persistentvolumeclaim' };
const node: About = { kind: 'node', names: ['node', 'instance'] };

const most = (about: About, expression: string): string => `max by (${grouped(about)}) (${expression})`;
/** Where kubelets and container runtimes keep what fills a node; mounted claims and boot partitions are none of it. */
const nodeDisks = '{mountpoint=~"/|/var|/var/lib|/var/lib/(kubelet|containerd|docker)",fstype!~"tmpfs|squashfs"}';

const took = 'istio_request_duration_milliseconds';
const served = '{reporter="destination"}';
const asked = '{reporter="source"}';

/**
 * All that is ever asked: queries are code, so that neither a configuration nor a label can make the agent read something
 * else. A source that has none of a family answers with no rows. Every one is summed up to workloads, pods or calls.
 */
export const queries: readonly PrometheusQuery[] = [
  { name: 'requests_per_second', about: istio.workload, query: rate(istio.workload, `istio_requests_total${served}`) },
  {
    name: 'error_ratio',
    about: istio.workload,
    query: `(${rate(istio.workload, 'istio_requests_total{reporter="destination",response_code=~"5.."}')} or 0 * ${rate(istio.workload, `istio_requests_total${served}`)}) / ${rate(istio.workload, `istio_requests_total${served}`)}`,
  },
  {
    name: 'latency_mean_ms',
    about: istio.workload,
    query: divided(istio.workload, `${took}_sum${served}`, `${took}_count${served}`),
  },
  { name: 'latency_p95_ms', about: istio.workload, query: p95(istio.workload, `${took}_bucket${served}`) },
  { name: 'requests_per_second', about: istio.call, query: rate(istio.call, `istio_requests_total${asked}`) },
  {
    name: 'caller_latency_mean_ms',
    about: istio.call,
    query: divided(istio.call, `${took}_sum${asked}`, `${took}_count${asked}`),
  },
  {
    name: 'callee_latency_mean_ms',
    about: istio.call,
    query: divided(istio.call, `${took}_sum${served}`, `${took}_count${served}`),
  },
  {
    name: 'requests_per_second',
    about: linkerd.workload,
    query: rate(linkerd.workload, 'request_total{direction="inbound"}'),
  },
  {
    name: 'error_ratio',
    about: linkerd.workload,
    query: `(${rate(linkerd.workload, 'response_total{direction="inbound",classification="failure"}')} or 0 * ${rate(linkerd.workload, 'response_total{direction="inbound"}')}) / ${rate(linkerd.workload, 'response_total{direction="inbound"}')}`,
  },
  {
    name: 'latency_mean_ms',
    about: linkerd.workload,
    query: divided(
      linkerd.workload,
      'response_latency_ms_sum{direction="inbound"}',
      'response_latency_ms_count{direction="inbound"}',
    ),
  },
  {
    name: 'latency_p95_ms',
    about: linkerd.workload,
    query: p95(linkerd.workload, 'response_latency_ms_bucket{direction="inbound"}'),
  },
  {
    name: 'requests_per_second',
    about: linkerd.call,
    query: rate(linkerd.call, 'request_total{direction="outbound",dst_deployment!=""}'),
  },
  {
    name: 'caller_latency_mean_ms',
    about: linkerd.call,
    query: divided(
      linkerd.call,
      'response_latency_ms_sum{direction="outbound",dst_deployment!=""}',
      'response_latency_ms_count{direction="outbound",dst_deployment!=""}',
    ),
  },
  { name: 'requests_per_second', about: pod, query: rate(pod, 'http_requests_total{pod!=""}') },
  {
    name: 'latency_mean_ms',
    about: pod,
    query: `1000 * ${divided(pod, 'http_request_duration_seconds_sum{pod!=""}', 'http_request_duration_seconds_count{pod!=""}')}`,
  },
  { name: 'latency_p95_ms', about: pod, query: `1000 * ${p95(pod, 'http_request_duration_seconds_bucket{pod!=""}')}` },
  { name: 'cpu_seconds_per_second', about: pod, query: rate(pod, 'container_cpu_usage_seconds_total{container!=""}') },
  {
    name: 'memory_working_set_bytes',
    about: pod,
    query: `sum by (${grouped(pod)}) (container_memory_working_set_bytes{container!=""})`,
  },
  {
    name: 'cpu_throttled_ratio',
    about: pod,
    query: divided(
      pod,
      'container_cpu_cfs_throttled_periods_total{container!=""}',
      'container_cpu_cfs_periods_total{container!=""}',
    ),
  },
  {
    name: 'volume_used_ratio',
    about: claim,
    query: most(claim, 'kubelet_volume_stats_used_bytes / (kubelet_volume_stats_capacity_bytes > 0)'),
  },
  {
    name: 'node_disk_used_ratio',
    about: node,
    query: most(node, `1 - node_filesystem_avail_bytes${nodeDisks} / node_filesystem_size_bytes${nodeDisks}`),
    most: true,
  },
  ...[
    'hikaricp_connections_active / (hikaricp_connections_max > 0)',
    'go_sql_in_use_connections / (go_sql_max_open_connections > 0)',
  ].map(
    (share): PrometheusQuery => ({
      name: 'connection_pool_used_ratio',
      about: pod,
      query: most(pod, share),
      most: true,
    }),
  ),
];
