import type { Diagnosis, Severity } from '@aetherius/shared/contracts';
import type { ClusterHealth } from '../diagnosis/health/cluster-health.ts';
import type { Language } from '../llm/languages.ts';

const en = {
  /** Said below the title where the sentences of the rules are in another language than the report. */
  note: null as string | null,
  nothing_wrong: 'Nothing is wrong',
  nothing_wrong_in_log: 'Nothing is wrong in the log',
  nothing_wrong_in_read: 'Nothing is wrong in what could be read',
  undecided: 'The evidence does not say what is wrong',
  faults: (count: number): string => (count === 1 ? 'One fault' : `${count} faults`),
  severities: { critical: 'critical', high: 'high', medium: 'medium', low: 'low' } as Record<Severity, string>,
  graded: (severity: string, confidence: number): string => `Severity ${severity}, confidence ${confidence}.`,
  sure: (confidence: number): string => `Confidence ${confidence}.`,
  event: (what: string, count: number, first: string | null, last: string): string =>
    ` (${what}, ${count === 1 ? `at ${last}` : `${count} times${first === null ? '' : ` from ${first}`} to ${last}`})`,
  cause: (subject: string): string => ` (cause: ${subject})`,
  evidence: 'Evidence',
  compared: 'Beside what is healthy',
  speaks: { for: ', which speaks for this cause', against: ', which speaks against this cause', neither: '' } as Record<
    Diagnosis['comparisons'][number]['speaks'],
    string
  >,
  remedies: 'What would help',
  repair: (action: string, target: string, risk: string): string => `${action} on ${target} (risk ${risk}`,
  undone_by: (action: string): string => `, undone by ${action}`,
  look_first: (command: string): string => `Look first: ${command}`,
  runbooks: 'Runbooks',
  rejected: 'Not the cause',
  missing: 'What is missing to be sure',
  explained_by: (model: string): string => `In the words of ${model}:`,
  not_explained: (reason: string): string => `No explanation: ${reason}.`,
  metrics_silent: (series: number, reason: string): string =>
    `The metrics (${series} series) name no cause: ${reason}.`,
  metrics_target: (metric: string, entity: string): string => ` of ${metric} at ${entity}`,
  metrics_say: (target: string, onset: string, sure: string): string =>
    `What the metrics say is the cause${target} since ${onset} (confidence ${sure})`,
  unread: 'Could not be read',
  rests_on: 'What this answer rests on',
  left_out: 'Left out',
  taken_until: (at: string, until: string): string =>
    `Taken at ${at}, after which nothing in it is told in full to have happened, or at any time until ${until}. With --at TIME it is judged as of one time.`,
  taken_by_clock: (at: string, since: string): string =>
    `Taken to be of ${at}, by the clock (when the newest of its files was written, else now): nothing in it is told in full to have happened after ${since}. With --at TIME it is judged as of another time.`,
  namespace_assumed: (namespace: string): string =>
    `Nothing in it names a namespace, so that of kubectl is taken: ${namespace}.`,
  health: 'Health',
  health_status: (status: string): string => `Status: ${status}`,
  health_states: {
    healthy: 'healthy',
    warning: 'warning',
    degraded: 'degraded',
    unknown: 'unknown',
  } as Record<ClusterHealth['status'], string>,
  nodes: (ready: number, total: number): string => `Nodes: ${ready} of ${total} ready`,
  not_ready: (name: string): string => `not ${name}`,
  unwell: ', ready but not well',
  cordoned: ', cordoned',
  pods: (total: number, phases: string, states: string): string => `Pods: ${total}: ${phases}; by state ${states}`,
  control_plane: (tally: string): string => `Control plane: ${tally}`,
  system_pods: (tally: string): string => `Pods of kube-system: ${tally}`,
  workloads: (kind: string, tally: string): string => `${kind}s: ${tally}`,
  well: (well: number, total: number): string => `${well} of ${total} well`,
  untold: (total: number): string => `${total}, whose status does not tell how they fare`,
  starting: (count: number): string => `, ${count} starting`,
  found: (counts: string): string => `Faults: ${counts}`,
};

/** The fixed words of a report; a language that lacks one of them is no `Words`. */
export type Words = typeof en;

const zh: Words = {
  note: '标题为中文；规则得出的原因、证据和建议保留英文原文。',
  nothing_wrong: '未发现异常',
  nothing_wrong_in_log: '日志中未发现异常',
  nothing_wrong_in_read: '在能读取的内容中未发现异常',
  undecided: '现有证据不足以说明问题所在',
  faults: (count) => `${count} 个故障`,
  severities: { critical: '致命', high: '高', medium: '中', low: '低' },
  graded: (severity, confidence) => `严重程度：${severity}；置信度：${confidence}。`,
  sure: (confidence) => `置信度：${confidence}。`,
  event: (what, count, first, last) =>
    `（${what}，${count === 1 ? `发生于 ${last}` : `${first === null ? '' : `从 ${first} `}到 ${last} 共 ${count} 次`}）`,
  cause: (subject) => `（起因：${subject}）`,
  evidence: '证据',
  compared: '与健康对象对比',
  speaks: { for: '（支持该结论）', against: '（不支持该结论）', neither: '' },
  remedies: '建议措施',
  repair: (action, target, risk) => `对 ${target} 执行 ${action} (风险：${risk}`,
  undone_by: (action) => `，可用 ${action} 撤销`,
  look_first: (command) => `先查看：${command}`,
  runbooks: '运维手册',
  rejected: '已排除的原因',
  missing: '要确认还缺少的信息',
  explained_by: (model) => `${model} 的说明：`,
  not_explained: (reason) => `没有说明：${reason}。`,
  metrics_silent: (series, reason) => `指标（${series} 个序列）未指出原因：${reason}。`,
  metrics_target: (metric, entity) => `（${entity} 的 ${metric}）`,
  metrics_say: (target, onset, sure) => `指标指出的原因${target}，自 ${onset} 起（置信度：${sure}）`,
  unread: '无法读取',
  rests_on: '本结论的依据',
  left_out: '已省略',
  taken_until: (at, until) =>
    `以 ${at} 为准（证据中没有完整时间更晚的事件），实际可能是到 ${until} 为止的任何时间。可用 --at TIME 指定时间。`,
  taken_by_clock: (at, since) =>
    `以 ${at} 为准（最新文件的写入时间，没有文件时为当前时间）；证据中没有完整时间晚于 ${since} 的事件。可用 --at TIME 指定其他时间。`,
  namespace_assumed: (namespace) => `证据中没有提到命名空间，按 kubectl 的默认值处理：${namespace}。`,
  health: '健康状况',
  health_status: (status) => `状态：${status}`,
  health_states: { healthy: '健康', warning: '警告', degraded: '降级', unknown: '未知' },
  nodes: (ready, total) => `节点：${total} 个中有 ${ready} 个就绪`,
  not_ready: (name) => `未就绪：${name}`,
  unwell: '，就绪但不健康',
  cordoned: '，已封锁调度',
  pods: (total, phases, states) => `Pod：${total} 个：${phases}；按状态：${states}`,
  control_plane: (tally) => `控制平面：${tally}`,
  system_pods: (tally) => `kube-system 的 Pod：${tally}`,
  workloads: (kind, tally) => `${kind}：${tally}`,
  well: (well, total) => `${total} 个中有 ${well} 个正常`,
  untold: (total) => `${total} 个，其状态未说明运行情况`,
  starting: (count) => `，${count} 个正在启动`,
  found: (counts) => `故障：${counts}`,
};

/** The fixed words of reports by language. */
export const reportWords: Record<Language, Words> = { en, zh };
