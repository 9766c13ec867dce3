import { createHash } from 'node:crypto';
import { type Event, fingerprintOf, type Subject } from '@aetherius/shared/contracts';
import { redact, redactDeep } from '@aetherius/shared/redact';
import type { Alert } from './alert-message.ts';

const SOURCE = 'alertmanager';

/** The label by which alerts name each kind of thing; the first that is there wins. */
const kinds: readonly [kind: string, apiVersion: string, label: string][] = [
  ['Deployment', 'apps/v1', 'deployment'],
  ['StatefulSet', 'apps/v1', 'statefulset'],
  ['DaemonSet', 'apps/v1', 'daemonset'],
  ['CronJob', 'batch/v1', 'cronjob'],
  ['Job', 'batch/v1', 'job_name'],
  ['PersistentVolumeClaim', 'v1', 'persistentvolumeclaim'],
];

type Place = { subject: Subject; api_version: string };
const at = (api_version: string, kind: string, namespace: string | null, name: string): Place => ({
  api_version,
  subject: { kind, namespace, name },
});

/**
 * What an alert is about. Of a pod only the namespace is taken, because its name does not outlive it. `service` counts only
 * where nothing else does: beside a namespace it is mostly the service that was scraped, not the one that is broken.
 */
function placeOf(cluster: string, labels: Alert['labels']): Place {
  const { namespace, node, service } = labels as Partial<Record<'namespace' | 'node' | 'service', string>>;
  for (const [kind, apiVersion, label] of kinds) {
    const name = labels[label];
    if (namespace && name) return at(apiVersion, kind, namespace, name);
  }
  if (node) return at('v1', 'Node', null, node);
  if (namespace) return at('v1', 'Namespace', null, namespace);
  if (service) return at('v1', 'Service', null, service);
  return at('aetherius.io/v1', 'Cluster', null, cluster);
}

const calm = ['info', 'none'];

/** An alert as an event of what it is about. Somebody's threshold is no proof: it may feed an incident, and neither opens nor ends one. */
export function alertEvent(alert: Alert, cluster: string, now: Date): Event {
  const { status, labels, annotations, startsAt, endsAt, fingerprint } = alert;
  const fires = status === 'firing';
  const { subject, api_version } = placeOf(cluster, labels);
  const name = labels['alertname'] ?? '';
  const words = annotations['summary'] ?? annotations['description'] ?? annotations['message'] ?? name;
  return {
    // Alertmanager repeats an alert for as long as it fires, and that is one event.
    id: createHash('sha256')
      .update(JSON.stringify([cluster, fingerprint, startsAt, status]))
      .digest('hex'),
    cluster_id: cluster,
    agent_id: SOURCE,
    type: 'alert',
    signal: fires ? 'fault' : 'info',
    source: SOURCE,
    namespace: subject.kind === 'Namespace' ? subject.name : subject.namespace,
    severity: !fires || calm.includes(labels['severity'] ?? '') ? 'low' : 'medium',
    reason: redact(name).slice(0, 128),
    message: redact(fires ? words : `no longer: ${words}`).slice(0, 2_000),
    object: { api_version, ...subject, uid: null },
    owner: null,
    node: subject.kind === 'Node' ? subject.name : null,
    count: 1,
    fingerprint: fingerprintOf(cluster, subject),
    timestamp: fires ? startsAt : endsAt,
    reported_at: now.toISOString(),
    labels: redactDeep(labels) as Record<string, string>,
    bundle: null,
  };
}
