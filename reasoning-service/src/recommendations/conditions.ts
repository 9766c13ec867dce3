import type { BundleObject } from '@aetherius/shared/contracts';
import { withRevisionBefore } from '../diagnosis/comparison/revision.ts';
import { isSame, keyOf, subjectOf } from '../diagnosis/graph/object-key.ts';
import { isTrueAt, objectsAt, textAt } from '../diagnosis/json-path.ts';
import { anyOf } from '../diagnosis/messages/any-of.ts';
import { parseCreation } from '../diagnosis/messages/creation.ts';
import { parseEviction } from '../diagnosis/messages/eviction.ts';
import { parsePull } from '../diagnosis/messages/image-pull.ts';
import { parseProbe } from '../diagnosis/messages/probe.ts';
import { leadingReason, parseScheduling } from '../diagnosis/messages/scheduling.ts';
import { isSchemaBehind } from '../diagnosis/messages/schema.ts';
import { isTurnedAwayForNumber } from '../diagnosis/messages/signatures/clients.ts';
import { isNotKnownToApiServer } from '../diagnosis/messages/signatures/platform.ts';
import { systemLimitIn } from '../diagnosis/messages/system-limit.ts';
import { hasNodeBeside } from '../diagnosis/open-node.ts';
import { parseQuantity } from '../diagnosis/quantity.ts';
import { recentRollout } from '../diagnosis/remedies.ts';
import { type Scope, shortOf, subjectObject } from './scope.ts';
import { values } from './values.ts';

/** A request that is more than twice the peak of what is used keeps others out for nothing. */
const GENEROUS = 2;

const isScaled = ({ diagnosis, facts }: Scope) => facts.graph.in(diagnosis.subject, 'scales').length > 0;

const isLimitRange = ({ diagnosis }: Scope): boolean =>
  diagnosis.evidence.some(({ quote }) => parseCreation(quote)?.why === 'limit_range');

/** A cordon is a taint too, but one that an administrator takes off again and that no workload should tolerate. */
const isCordoned = ({ diagnosis }: Scope): boolean =>
  diagnosis.evidence.some(({ quote }) => {
    const verdict = parseScheduling(quote);
    return (
      verdict !== undefined &&
      /were unschedulable|node\.kubernetes\.io\/unschedulable/.test(leadingReason(verdict)?.text ?? '')
    );
  });

const says =
  (pattern: RegExp) =>
  ({ diagnosis }: Scope): boolean =>
    diagnosis.evidence.some(({ quote }) => pattern.test(quote));

/** How clients say that a certificate is good, but for other names or addresses than the one that they called. */
const isForAnother = says(
  /\bany IP SANs\b|\bcertificate is (?:not )?valid for\b|\bALTNAME_INVALID\b|\bhostname\b.{0,60}(?:mismatch|does(?:n't| not) match)|\bsubject alternative names?\b|\bno alternative certificate subject name/i,
);

const isOfUnknownIssuer = says(
  /\bunknown (?:authority|issuer|ca)\b|self.signed|\blocal issuer\b|\bPKIX path building\b|UNABLE_TO_(?:GET_ISSUER|VERIFY_LEAF)|UnknownIssuer/i,
);
const isOutOfTime = says(/\bexpired\b|\bnot yet valid\b|CERT_HAS_EXPIRED|CERT_NOT_YET_VALID|NotYetValid/i);

/** Whether the program itself is quoted, by its log or by the last words that the kubelet kept: else nothing says what it complains of. */
const isQuoted = ({ diagnosis, facts }: Scope): boolean =>
  diagnosis.evidence.some(
    ({ id, quote }) => /\.message: /.test(quote) || facts.bundle.logs.some((log) => log.id === id),
  );

/** A program that trips over itself or was packed without its parts: no setting makes that right. */
const failsInOwnCode = says(
  anyOf(
    /\b[Nn](?:il|ull)[ -]?(?:[Pp]ointer|[Rr]eference)|SIGSEGV|[Ss]egmentation (?:fault|violation)|[Ii]ndex ?[Oo]ut ?[Oo]f ?(?:[Rr]ange|[Bb]ounds)/,
    /\b(?:Type|Reference|Attribute|Name|UnboundLocal|Index|ZeroDivision|Recursion|Assertion|NotImplemented|Syntax|Indentation|NoMethod|Import|ModuleNotFound)Error\b/,
    /ClassCastException|ClassNotFoundException|NoClassDefFoundError|NoSuchMethodError|StackOverflow|undefined method|is not a function\b/,
    /slice bounds out of range|concurrent map (?:read|write)|(?:divide|division) by zero|unwrap\(\)` on a `None`|attempt to \w+ with overflow|[Cc]annot find module/,
    /\b[Aa]ssertion\b.{0,120}\bfailed\b|[Ss]yntax error[,:] |No module named|cannot load such file|\bexitCode: 13[24569]\b/,
  ),
);

const isHeapFull = says(/\bheap out of memory\b|\bOutOfMemoryError: (?:Java heap space|GC overhead)/);
const isAtItsLimit = ({ diagnosis }: Scope): boolean =>
  diagnosis.evidence.some(({ quote }) => isTurnedAwayForNumber(quote));

const isAtKernelLimit = ({ diagnosis }: Scope): boolean =>
  diagnosis.evidence.some(({ quote }) => systemLimitIn(quote) !== undefined);

const isUnknownToApiServer = ({ diagnosis }: Scope): boolean =>
  diagnosis.evidence.some(({ quote }) => isNotKnownToApiServer(quote));

const overranItsOwnDisk = ({ diagnosis }: Scope): boolean =>
  diagnosis.evidence.some(({ quote }) => parseEviction(quote)?.own_limit === true);

const wantsOtherSchema = ({ diagnosis }: Scope): boolean =>
  diagnosis.evidence.some(({ quote }) => isSchemaBehind(quote));

/** A cloud lets a volume change only so often, and one change after the other. */
const mustWaitToGrow = says(
  /VolumeModificationRateExceeded|maximum modification rate|IncorrectModificationState|currently being modified|wait at least \d/i,
);
const mayNeverGrow = says(
  /not (?:allow|support)(?:ed)? (?:volume )?(?:expansion|resiz)|allowVolumeExpansion|only dynamically provisioned pvc can be resized/i,
);

/** Only a volume that is bound has a place that a pod cannot reach. */
const staysAtItsPlace = says(/volume node affinity conflict|no available volume zone/i);

const lacksSubnet = says(/subnet/i);
const isDeniedByCloud = says(
  /AccessDenied|UnauthorizedOperation|not authorized|AuthorizationFailed|\b403\b|permission/i,
);
const isAtCloudLimit = says(/quota|LimitExceeded|limit exceeded|TooMany[A-Z]/i);

/** Some nodes are out of reach for no other reason than their cordon, whatever keeps the pod off the others. */
const isCordonNamed = ({ diagnosis }: Scope): boolean =>
  diagnosis.evidence.some(({ quote }) =>
    parseScheduling(quote)?.reasons.some(({ text }) => /were unschedulable|kubernetes\.io\/unschedulable/.test(text)),
  );

const rolledOut =
  (form: RegExp) =>
  ({ diagnosis, facts }: Scope): boolean =>
    recentRollout(facts, diagnosis.subject, (paths) => paths.some((path) => form.test(path))) !== undefined;

/** The last rollout raised what there is too little of, or, where a quota wants to be told a figure, took one away. */
function isMoreAskedFor(scope: Scope): boolean {
  const { diagnosis, facts } = scope;
  const short = shortOf(scope);
  const fields = recentRollout(facts, diagnosis.subject)?.fields ?? [];
  return fields.some(({ path, before, after }) => {
    const resource = /\.resources\.(?:requests|limits)\.(.+)$/.exec(path)?.[1];
    if (resource === undefined) return false;
    if (diagnosis.category === 'quota_requires_limits') return after === null;
    const [old, fresh] = [parseQuantity(before ?? '0'), parseQuantity(after ?? '0')];
    return old !== undefined && fresh !== undefined && fresh > old && (short.size === 0 || short.has(resource));
  });
}

/** The last rollout brought the name of what is not there. */
function isMissingNameRolledOut({ diagnosis, facts }: Scope): boolean {
  const { name } = diagnosis.root_cause.subject;
  const fields = recentRollout(facts, diagnosis.subject)?.fields ?? [];
  return fields.some(({ path, after }) =>
    /\.(?:envFrom|projected\.sources)$/.test(path)
      ? (after ?? '').includes(JSON.stringify(name))
      : after === name && /\.(?:name|secretName|serviceAccountName)$/.test(path),
  );
}

/** Of an entry that a volume asks for, the object behind the volume may not be known. */
const isMissingNamed = ({ diagnosis }: Scope): boolean =>
  ['ConfigMap', 'Secret'].includes(diagnosis.root_cause.subject.kind);
const lacksEntry = says(/couldn't find key |references non-existent (?:config|secret) key/i);

const lacksClass = says(/\bno PriorityClass with name|\bRuntimeClass\S{0,12} "[^"]{1,253}" not found/);

const pullAnswer = ({ evidence }: Scope['diagnosis']) => parsePull(evidence.map(({ quote }) => quote).join('\n'));

/** What fails is of a later revision than other pods of the workload, which were there before and run. */
function formerPodsServe({ diagnosis: { subject }, facts }: Scope): boolean {
  const setOf = (pod: BundleObject) => facts.graph.out(subjectOf(pod), 'owner').map(({ to }) => keyOf(to))[0];
  const bornAt = ({ body }: BundleObject) => Date.parse(textAt(body, 'metadata.creationTimestamp') ?? '');
  const pods = facts.podsUnder(subject);
  const broken = pods.filter((pod) => facts.health(pod).state === 'broken');
  return (
    subject.kind === 'Deployment' &&
    broken.length > 0 &&
    pods.some(
      (former) =>
        facts.health(former).state === 'healthy' &&
        broken.every((pod) => setOf(pod) !== setOf(former) && bornAt(pod) > bornAt(former)),
    )
  );
}

/** What the catalogue may require of the evidence before it offers a remedy, by name. */
export const conditions = {
  rollout_shortly_before: ({ diagnosis, facts }) => recentRollout(facts, diagnosis.subject) !== undefined,
  image_rolled_out_shortly_before: ({ diagnosis, facts }) =>
    recentRollout(facts, diagnosis.subject, (paths) => paths.some((path) => /image$/.test(path))) !== undefined,
  fault_began_with_rollout: ({ diagnosis, facts }) =>
    recentRollout(facts, diagnosis.subject) !== undefined &&
    withRevisionBefore(facts, diagnosis.subject)?.speaks === 'for',
  missing_name_rolled_out_shortly_before: isMissingNameRolledOut,
  placement_rolled_out_shortly_before: rolledOut(
    /^spec\.template\.spec\.(?:nodeSelector|affinity|tolerations|topologySpreadConstraints|nodeName)\b/,
  ),
  resources_rolled_out_shortly_before: isMoreAskedFor,
  security_rolled_out_shortly_before: rolledOut(
    /\.(?:securityContext|hostNetwork|hostPID|hostIPC|hostPath|hostPort)\b/,
  ),
  cannot_run_on_processor: says(/exec format error/i),
  configuration_changed_shortly_before: ({ facts }) =>
    facts.bundle.changes.some(({ change }) => change === 'configuration'),
  bare_pod: ({ diagnosis: { subject }, facts }) =>
    subject.kind === 'Pod' && facts.graph.out(subject, 'owner').length === 0,
  no_autoscaler: (scope) => !isScaled(scope),
  has_autoscaler: isScaled,
  pods_are_alike: ({ diagnosis }) => diagnosis.subject.kind !== 'StatefulSet',
  volume_not_bound: (scope) => !staysAtItsPlace(scope),
  requests_far_above_use: (scope) => {
    const [asked, used] = [values.cpu_request.of(scope), values.peak_cpu.of(scope)].map((one) =>
      parseQuantity(String(one)),
    );
    return asked !== undefined && used !== undefined && asked > GENEROUS * used;
  },
  has_volume_claims: (scope) => {
    const { diagnosis, facts } = scope;
    return (
      facts.graph.out(diagnosis.subject, 'claims').length > 0 || diagnosis.subject.kind === 'PersistentVolumeClaim'
    );
  },
  limit_range_refuses: isLimitRange,
  policy_refuses: (scope) => !isLimitRange(scope),
  node_takes_pods: (scope) => !isTrueAt(subjectObject(scope)?.body, 'spec.unschedulable'),
  another_node_takes_pods: ({ diagnosis, facts }) => hasNodeBeside(facts, diagnosis.subject),
  some_nodes_are_cordoned: isCordonNamed,
  nodes_are_cordoned: isCordoned,
  nodes_are_not_cordoned: (scope) => !isCordoned(scope),
  probe_times_out: ({ diagnosis }) => diagnosis.evidence.some(({ quote }) => parseProbe(quote)?.outcome === 'timeout'),
  in_system_namespace: ({ diagnosis }) => diagnosis.subject.namespace === 'kube-system',
  dependency_in_cluster: ({ diagnosis, facts }) =>
    !isSame(diagnosis.root_cause.subject, diagnosis.subject) &&
    facts.graph.find(diagnosis.root_cause.subject) !== undefined,
  missing_object_is_named: isMissingNamed,
  missing_object_is_not_named: (scope) => !isMissingNamed(scope),
  lacks_entry: (scope) => isMissingNamed(scope) && lacksEntry(scope),
  registry_not_blamed: ({ diagnosis }) => pullAnswer(diagnosis)?.ofRegistry === undefined,
  registry_out_of_reach: ({ diagnosis }) => pullAnswer(diagnosis)?.ofRegistry === 'unreached',
  registry_without_tls: ({ diagnosis }) => pullAnswer(diagnosis)?.ofRegistry === 'plain_http',
  former_pods_serve: formerPodsServe,
  class_is_missing: lacksClass,
  waits_for_rollout: (scope) => !lacksClass(scope),
  pulls_with_secret: (scope) => {
    const body = subjectObject(scope)?.body;
    return objectsAt(body, 'spec.template.spec.imagePullSecrets').some((one) => textAt(one, 'name') !== undefined);
  },
  fails_in_own_code: failsInOwnCode,
  fails_outside_its_code: (scope) =>
    isQuoted(scope) &&
    !failsInOwnCode(scope) &&
    !wantsOtherSchema(scope) &&
    !isHeapFull(scope) &&
    !isAtKernelLimit(scope),
  node_is_at_kernel_limit: isAtKernelLimit,
  not_known_to_api_server: isUnknownToApiServer,
  known_to_api_server: (scope) => !isUnknownToApiServer(scope),
  overran_its_own_disk_limit: overranItsOwnDisk,
  within_its_own_disk_limit: (scope) => !overranItsOwnDisk(scope),
  certificate_is_for_another: isForAnother,
  certificate_may_be_out_of_time: (scope) => !isForAnother(scope) && !isOfUnknownIssuer(scope),
  issuer_may_be_unknown: (scope) => !isForAnother(scope) && !isOutOfTime(scope),
  wants_other_schema: wantsOtherSchema,
  heap_is_full: isHeapFull,
  server_is_at_its_limit: isAtItsLimit,
  server_is_not_at_its_limit: (scope) => !isAtItsLimit(scope),
  etcd_is_full: says(/\bNOSPACE\b|\bdatabase space exceeded\b|\betcdDatabaseQuotaLow/),
  must_wait_to_grow: mustWaitToGrow,
  may_never_grow: mayNeverGrow,
  may_grow: (scope) => !mustWaitToGrow(scope) && !mayNeverGrow(scope),
  lacks_subnet: lacksSubnet,
  // Some clouds answer 403 to whom they allow no more of something.
  denied_by_cloud: (scope) => isDeniedByCloud(scope) && !lacksSubnet(scope) && !isAtCloudLimit(scope),
  at_cloud_limit: (scope) => isAtCloudLimit(scope) && !lacksSubnet(scope),
  cloud_says_otherwise: (scope) => !lacksSubnet(scope) && !isDeniedByCloud(scope) && !isAtCloudLimit(scope),
} satisfies Record<string, (scope: Scope) => boolean>;
export type ConditionName = keyof typeof conditions;
