/** Why the API server refused to create a pod. */
export type Refusal =
  | { why: 'quota'; quota: string; requested: string; used: string; limited: string }
  | { why: 'limits_required'; quota: string; figures: string }
  | { why: 'limit_range'; words: string }
  | { why: 'webhook_unreachable'; webhook: string; words: string }
  | { why: 'policy'; policy: string; words: string }
  | { why: 'service_account'; name: string }
  | { why: 'class'; kind: 'PriorityClass' | 'RuntimeClass'; name: string }
  | { why: 'namespace_terminating'; name: string };

const exceeded =
  /exceeded quota: ([^,\s]{1,253}), requested: (.{1,300}), used: (.{1,300}), limited: (.{1,300}?)(?:$|\n)/;
const unstated = /failed quota: ([^:\s]{1,253}): must specify (.{1,400})/;
const limitRange =
  /((?:maximum|minimum) (?:cpu|memory|storage|ephemeral-storage|\S{1,60}) usage per (?:Container|Pod|PersistentVolumeClaim) is .{1,200})/;
const uncalled = /(?:failed calling|failed to call) (?:admission )?webhook "([^"]{1,253})": ?(.{0,500})/;
const denied = /admission webhook "([^"]{1,253})" denied the request:? ?(.{0,500})/s;
const podSecurity = /violates PodSecurity "([^"]{1,100})": ?(.{0,600})/;
const admissionPolicy = /ValidatingAdmissionPolicy '([^']{1,253})' .{0,120}denied request: ?(.{0,400})/;
const constraints = /unable to validate against any (security context constraint|pod security policy):? ?(.{0,400})/;
const account = /error looking up service account [^/\s]{1,63}\/(\S{1,253}): serviceaccount "/;
const accountMissing = /serviceaccounts? "([^"]{1,253})" not found/;
const noPriority = /\bno PriorityClass with name (\S{1,253}) was found/;
const noRuntime = /\bRuntimeClass(?:\.node\.k8s\.io)? "([^"]{1,253})" not found/;
const terminating = /because it is being terminated|namespace (\S{1,63}) is being terminated/;

const policies: readonly ((message: string) => Refusal | undefined)[] = [
  (message) => named(podSecurity.exec(message), 'PodSecurity '),
  (message) => named(denied.exec(message), 'webhook '),
  (message) => named(admissionPolicy.exec(message), 'ValidatingAdmissionPolicy '),
  (message) => named(constraints.exec(message), ''),
];

const named = (match: RegExpExecArray | null, prefix: string): Refusal | undefined =>
  match?.[1] === undefined ? undefined : { why: 'policy', policy: `${prefix}${match[1]}`, words: match[2] ?? '' };

function parseQuota(message: string): Refusal | undefined {
  const [, quota, requested = '', used = '', limited = ''] = exceeded.exec(message) ?? [];
  if (quota !== undefined) return { why: 'quota', quota, requested, used, limited };
  const [, from, figures = ''] = unstated.exec(message) ?? [];
  return from === undefined ? undefined : { why: 'limits_required', quota: from, figures };
}

/** A class that the pod names and the cluster lacks. */
function parseClass(message: string): Refusal | undefined {
  const priority = noPriority.exec(message)?.[1];
  if (priority !== undefined) return { why: 'class', kind: 'PriorityClass', name: priority };
  const runtime = noRuntime.exec(message)?.[1];
  return runtime === undefined ? undefined : { why: 'class', kind: 'RuntimeClass', name: runtime };
}

/** Reads a FailedCreate event or a ReplicaFailure condition; undefined when it names none of the known refusals. */
export function parseCreation(message: string): Refusal | undefined {
  const quota = parseQuota(message);
  if (quota !== undefined) return quota;
  const webhook = uncalled.exec(message);
  if (webhook?.[1] !== undefined) return { why: 'webhook_unreachable', webhook: webhook[1], words: webhook[2] ?? '' };
  for (const policy of policies) {
    const refusal = policy(message);
    if (refusal !== undefined) return refusal;
  }
  const name = account.exec(message)?.[1] ?? accountMissing.exec(message)?.[1];
  if (name !== undefined) return { why: 'service_account', name };
  const lacked = parseClass(message);
  if (lacked !== undefined) return lacked;
  const words = limitRange.exec(message)?.[1];
  if (words !== undefined) return { why: 'limit_range', words };
  const ended = terminating.exec(message);
  return ended === null ? undefined : { why: 'namespace_terminating', name: ended[1] ?? '' };
}
