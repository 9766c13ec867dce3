import { isSame } from '../diagnosis/graph/object-key.ts';
import { isTrueAt, objectsAt, textAt } from '../diagnosis/json-path.ts';
import { parseCreation } from '../diagnosis/messages/creation.ts';
import { parseProbe } from '../diagnosis/messages/probe.ts';
import { leadingReason, parseScheduling } from '../diagnosis/messages/scheduling.ts';
import { parseQuantity } from '../diagnosis/quantity.ts';
import { recentRollout } from '../diagnosis/remedies.ts';
import { type Scope, subjectObject } from './scope.ts';
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

/** Some nodes are out of reach for no other reason than their cordon, whatever keeps the pod off the others. */
const isCordonNamed = ({ diagnosis }: Scope): boolean =>
  diagnosis.evidence.some(({ quote }) =>
    parseScheduling(quote)?.reasons.some(({ text }) => /were unschedulable|kubernetes\.io\/unschedulable/.test(text)),
  );

/** What the catalogue may require of the evidence before it offers a remedy, by name. */
export const conditions = {
  rollout_shortly_before: ({ diagnosis, facts }) => recentRollout(facts, diagnosis.subject) !== undefined,
  image_rolled_out_shortly_before: ({ diagnosis, facts }) =>
    recentRollout(facts, diagnosis.subject, (paths) => paths.some((path) => /image$/.test(path))) !== undefined,
  configuration_changed_shortly_before: ({ facts }) =>
    facts.bundle.changes.some(({ change }) => change === 'configuration'),
  no_autoscaler: (scope) => !isScaled(scope),
  has_autoscaler: isScaled,
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
  some_nodes_are_cordoned: isCordonNamed,
  nodes_are_cordoned: isCordoned,
  nodes_are_not_cordoned: (scope) => !isCordoned(scope),
  probe_times_out: ({ diagnosis }) => diagnosis.evidence.some(({ quote }) => parseProbe(quote)?.outcome === 'timeout'),
  in_system_namespace: ({ diagnosis }) => diagnosis.subject.namespace === 'kube-system',
  dependency_in_cluster: ({ diagnosis, facts }) =>
    !isSame(diagnosis.root_cause.subject, diagnosis.subject) &&
    facts.graph.find(diagnosis.root_cause.subject) !== undefined,
  pulls_with_secret: (scope) => {
    const body = subjectObject(scope)?.body;
    return objectsAt(body, 'spec.template.spec.imagePullSecrets').some((one) => textAt(one, 'name') !== undefined);
  },
} satisfies Record<string, (scope: Scope) => boolean>;
export type ConditionName = keyof typeof conditions;
