import type { BundleEvent, BundleObject, Subject } from '@aetherius/shared/contracts';
import { shownDead } from '../dependency/dead-dependency.ts';
import { ranOut } from '../dependency/expired-certificate.ts';
import { citeEvents, citeObject, type Facts } from '../facts.ts';
import { subjectOf } from '../graph/object-key.ts';
import { failedCondition } from '../health/condition-health.ts';
import type { Hypothesis, Rule } from '../hypothesis.ts';
import { objectsAt, textAt } from '../json-path.ts';
import { heldElsewhere } from '../messages/held-elsewhere.ts';
import { finding } from '../said.ts';
import { isMetricsApi } from './autoscaler.ts';

const brokenOf = (facts: Facts, kind: string): BundleObject[] =>
  facts.of(kind).filter((one) => facts.health(one).state === 'broken');

/** APIs that are registered and do not answer. One for metrics is told by the autoscalers that miss it, where there are any. */
export const deadApi: Rule = (facts) =>
  brokenOf(facts, 'APIService')
    .filter((api) => !(isMetricsApi(api) && facts.of('HorizontalPodAutoscaler').length > 0))
    .map((api): Hypothesis => {
      const said = failedCondition(api);
      const why = textAt(said, 'message') ?? textAt(said, 'reason') ?? 'it is not available';
      const [server] = facts.graph.out(subjectOf(api), 'hooks').map(({ to }) => to);
      return {
        ...finding({
          category: 'control_plane_unhealthy',
          subject: subjectOf(api),
          ...(server !== undefined && shownDead(facts, server) !== undefined ? { cause: server } : {}),
          description: `the API ${api.name} does not answer: ${why.slice(0, 300)}`,
          weight: 0.86,
          evidence: citeObject(api, 'status: False'),
        }),
        // The rest of the control plane works on.
        severity: 'high',
      };
    });

function notAttached(facts: Facts, attachment: BundleObject): Hypothesis[] {
  const message = textAt(attachment.body, 'status.attachError.message') ?? '';
  const name = textAt(attachment.body, 'spec.source.persistentVolumeName');
  if (message === '' || name === undefined) return [];
  const node = textAt(attachment.body, 'spec.nodeName');
  const isHeld = heldElsewhere(message, node) !== undefined;
  const volume: Subject = { kind: 'PersistentVolume', namespace: null, name };
  const claim = facts.graph.in(volume, 'binds')[0]?.from;
  const pods = claim === undefined ? [] : facts.graph.in(claim, 'claims').map(({ from }) => from);
  return [
    finding({
      category: isHeld ? 'volume_multi_attach' : 'volume_mount_failed',
      subject: claim ?? volume,
      cause: subjectOf(attachment),
      description: `the volume cannot be attached to node ${node ?? ''}: ${message.slice(0, 300)}`,
      weight: 0.86,
      evidence: citeObject(attachment, message.split('\n')[0]?.slice(0, 200) ?? ''),
      affects: pods,
    }),
  ];
}

/** What the attacher says of volumes that it could not attach. */
export const failedAttachment: Rule = (facts) =>
  brokenOf(facts, 'VolumeAttachment').flatMap((attachment) => notAttached(facts, attachment));

/** Volumes that could not be given back or made ready for the next claim. */
export const failedVolume: Rule = (facts) =>
  brokenOf(facts, 'PersistentVolume').map((volume) =>
    finding({
      category: 'volume_mount_failed',
      subject: subjectOf(volume),
      description: `the volume failed: ${textAt(volume.body, 'status.message') ?? 'its status does not say why'}`,
      weight: 0.82,
      evidence: [...citeObject(volume, 'status.phase: Failed'), ...citeObject(volume, 'status.message')],
    }),
  );

/** Bindings that grant nothing, because the role that they name does not exist. */
export const danglingBinding: Rule = (facts) =>
  [...facts.of('RoleBinding'), ...facts.of('ClusterRoleBinding')].flatMap((binding): Hypothesis[] => {
    const kind = textAt(binding.body, 'roleRef.kind') ?? 'Role';
    const namespace = kind === 'ClusterRole' ? null : binding.namespace;
    const role: Subject = { kind, namespace, name: textAt(binding.body, 'roleRef.name') ?? '' };
    if (role.name === '' || facts.graph.find(role) !== undefined || !facts.graph.isWhole(kind, namespace)) return [];
    const accounts = objectsAt(binding.body, 'subjects').flatMap((one) => {
      const name = textAt(one, 'name');
      if (textAt(one, 'kind') !== 'ServiceAccount' || name === undefined) return [];
      return [{ kind: 'ServiceAccount', namespace: textAt(one, 'namespace') ?? binding.namespace, name }];
    });
    return [
      finding({
        category: 'rbac_forbidden',
        subject: subjectOf(binding),
        cause: role,
        description: `it grants nothing: ${kind} ${role.name} does not exist`,
        weight: 0.8,
        evidence: citeObject(binding, `roleRef.name: ${role.name}`),
        affects: accounts.flatMap((account) => [
          account,
          ...facts.graph.in(account, 'account').map(({ from }) => from),
        ]),
      }),
    ];
  });

const issuing = ['CertificateRequest', 'Order', 'Challenge'];

/** What goes wrong on the way to a new certificate: each step is called after it. */
const failedSteps = (facts: Facts, { namespace, name }: BundleObject): BundleEvent[] =>
  facts.open.filter(
    (event) =>
      event.type !== 'Normal' &&
      issuing.includes(event.kind) &&
      event.namespace === namespace &&
      event.name.startsWith(`${name}-`),
  );

/** Certificates that have run out, as their issuer's object tells. */
export const expiredCertificate: Rule = (facts) =>
  facts.of('Certificate').flatMap((certificate): Hypothesis[] => {
    const end = ranOut(facts, certificate);
    if (end === undefined) return [];
    const steps = failedSteps(facts, certificate);
    const why = steps[0] === undefined ? '' : `; its renewal fails: ${steps[0].message.slice(0, 200)}`;
    const said = failedCondition(certificate);
    const secret = textAt(certificate.body, 'spec.secretName') ?? certificate.name;
    return [
      finding({
        category: 'tls_certificate_expired',
        subject: subjectOf(certificate),
        cause: { kind: 'Secret', namespace: certificate.namespace, name: secret },
        description: `the certificate ran out and was not renewed: ${textAt(said, 'message') ?? `it was good until ${new Date(end).toISOString()}`}${why}`,
        weight: 0.93,
        evidence: [
          ...citeObject(certificate, 'status.notAfter'),
          ...citeObject(certificate, 'status: False'),
          ...citeEvents(steps, 1),
        ],
        affects: steps.map(subjectOf),
      }),
    ];
  });
