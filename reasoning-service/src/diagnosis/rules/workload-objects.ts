import type { BundleObject, Subject } from '@aetherius/shared/contracts';
import { citeObject, type Facts } from '../facts.ts';
import { subjectOf } from '../graph/object-key.ts';
import type { Hypothesis, Rule } from '../hypothesis.ts';
import { numberAt, objectsAt, textAt } from '../json-path.ts';
import { parseProbeKill } from '../messages/probe.ts';
import { finding } from '../said.ts';
import { isSchedule } from '../schedule.ts';

/** A daemon set whose new pods do not get ready on the nodes that have them. */
export const stuckDaemonSet: Rule = (facts) =>
  facts.of('DaemonSet').flatMap((set): Hypothesis[] => {
    const wanted = numberAt(set.body, 'status.desiredNumberScheduled') ?? 0;
    const updated = numberAt(set.body, 'status.updatedNumberScheduled') ?? wanted;
    const lacking = numberAt(set.body, 'status.numberUnavailable') ?? 0;
    if (facts.health(set).state !== 'broken' || updated >= wanted || lacking === 0) return [];
    return [
      finding({
        category: 'rollout_stuck',
        subject: subjectOf(set),
        description: `the rollout does not progress: ${updated} of ${wanted} pods are new, and ${lacking} are not available`,
        weight: 0.72,
        evidence: [...citeObject(set, 'status.updatedNumberScheduled'), ...citeObject(set, 'status.numberUnavailable')],
      }),
    ];
  });

/** Whether the programs of a set said why they ended, without a word of the name that is missing. */
function saysOtherwise({ bundle }: Facts, set: BundleObject, name: string): boolean {
  const lines = bundle.logs
    .filter(({ namespace, pod }) => namespace === set.namespace && pod.startsWith(`${set.name}-`))
    .flatMap((log) => log.lines);
  return lines.length > 0 && !lines.some((line) => line.includes(`.${name}`));
}

/** Whether it is the kubelet that ends its pods, for a probe, and not what their programs miss. */
const isPutDown = ({ bundle }: Facts, set: BundleObject): boolean =>
  bundle.events.some(
    ({ reason, message, namespace, name }) =>
      reason === 'Killing' &&
      namespace === set.namespace &&
      name.startsWith(`${set.name}-`) &&
      parseProbeKill(message) !== undefined,
  );

/** Stateful sets that do not fare well and whose pods get no names, since the Service that gives them does not exist. */
export const namelessPods: Rule = (facts) =>
  facts.of('StatefulSet').flatMap((set): Hypothesis[] => {
    const name = textAt(set.body, 'spec.serviceName') ?? '';
    const service: Subject = { kind: 'Service', namespace: set.namespace, name };
    // Many a set with one pod never uses its name and lives well without.
    const isFine = ['healthy', 'progressing'].includes(facts.health(set).state);
    const isAbsent = facts.graph.find(service) === undefined && facts.graph.isWhole('Service', set.namespace);
    if (name === '' || isFine || !isAbsent || saysOtherwise(facts, set, name) || isPutDown(facts, set)) return [];
    return [
      finding({
        category: 'dns_failure',
        subject: subjectOf(set),
        cause: service,
        description: `its pods have no names: Service ${name}, which gives them, does not exist`,
        weight: 0.78,
        evidence: citeObject(set, `spec.serviceName: ${name}`),
      }),
    ];
  });

/** CronJobs whose schedule no controller can read, as a manifest may have it. */
export const unreadableSchedule: Rule = (facts) =>
  facts.of('CronJob').flatMap((cron): Hypothesis[] => {
    const schedule = textAt(cron.body, 'spec.schedule');
    if (schedule === undefined || isSchedule(schedule)) return [];
    return [
      finding({
        category: 'cronjob_missed_schedule',
        subject: subjectOf(cron),
        description: `its schedule cannot be read: ${schedule.slice(0, 100)}`,
        weight: 0.85,
        evidence: citeObject(cron, 'spec.schedule'),
      }),
    ];
  });

const lostSecret = (facts: Facts, ingress: BundleObject): string | undefined =>
  objectsAt(ingress.body, 'spec.tls')
    .flatMap((entry) => textAt(entry, 'secretName') ?? [])
    .find(
      (name) =>
        facts.graph.isWhole('Secret', ingress.namespace) &&
        facts.graph.find({ kind: 'Secret', namespace: ingress.namespace, name }) === undefined,
    );

/** Ingresses whose certificate's Secret does not exist, where the whole listing of Secrets is known. */
export const ingressWithoutSecret: Rule = (facts) =>
  facts.of('Ingress').flatMap((ingress): Hypothesis[] => {
    const name = lostSecret(facts, ingress);
    if (name === undefined) return [];
    return [
      finding({
        category: 'missing_secret',
        subject: subjectOf(ingress),
        cause: { kind: 'Secret', namespace: ingress.namespace, name },
        description: `Secret ${name}, which holds the certificate of the ingress, does not exist in namespace ${ingress.namespace}`,
        weight: 0.9,
        evidence: citeObject(ingress, `secretName: ${name}`),
      }),
    ];
  });
