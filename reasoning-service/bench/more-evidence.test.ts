import type { Bundle, Diagnosis } from '@aetherius/shared/contracts';
import { expect, it } from '@jest/globals';
import { diagnoseAll } from '../src/diagnosis/diagnose-all.ts';
import { readHalf } from './incident-library.ts';

const incidents = readHalf('tune').filter(({ expected }) => expected.category !== 'no_incident');
const inShort = ({ category, subject: { kind, namespace, name } }: Diagnosis): string =>
  `${category} ${kind} ${namespace ?? ''}/${name}`;
/** What shows that nothing happens, which a control plane that does not answer may well be behind. */
const waits = ['rollout_stuck', 'service_no_endpoints', 'hpa_no_metrics', 'cronjob_missed_schedule', 'unknown'];
const ofControlPlane = ['control_plane_unhealthy', 'api_server_slow'];

/** So `kubectl` complains of the API server itself. */
const ofClients = /The connection to the server \S+ was refused/;

/** The faults that are found in a bundle and no longer once there is more of it. */
const lost = (bundle: Bundle, more: Bundle): string[] => {
  const told = new Set(diagnoseAll(more).map(inShort));
  return diagnoseAll(bundle)
    .filter(({ category }) => ![...waits, ...ofControlPlane].includes(category))
    .filter(({ evidence }) => !evidence.some(({ quote }) => ofClients.test(quote)))
    .map(inShort)
    .filter((one) => !told.has(one));
};

const sick: readonly Partial<Bundle>[] = [
  {
    alerts: [
      {
        ...{ id: 'alert:more', name: 'KubeAPIServerLatencyHigh', labels: { severity: 'critical' }, annotations: {} },
        ...{ starts_at: null, ends_at: null },
      },
    ],
  },
  {
    objects: [
      {
        ...{ id: 'object:Pod/kube-system/kube-scheduler-more', kind: 'Pod', namespace: 'kube-system' },
        name: 'kube-scheduler-more',
        body: {
          metadata: { labels: { component: 'kube-scheduler' } },
          status: {
            phase: 'Running',
            containerStatuses: [
              { name: 'kube-scheduler', ready: false, state: { waiting: { reason: 'CrashLoopBackOff' } } },
            ],
          },
        },
      },
    ],
  },
];

it.each(sick)('no fault of the library hides behind a control plane that is sick as well (%#)', (sign) => {
  const hidden = incidents.flatMap(({ name, bundle }) => {
    const more = {
      ...bundle,
      alerts: [...bundle.alerts, ...(sign.alerts ?? [])],
      objects: [...bundle.objects, ...(sign.objects ?? [])],
    };
    return lost(bundle, more).map((one) => `${name}: ${one}`);
  });
  expect(hidden).toEqual([]);
});

it('no fault of a node is taken back by a table that calls the node ready', () => {
  const acquitted = incidents.flatMap(({ name, bundle }) => {
    const known = new Set(bundle.objects.filter(({ kind }) => kind === 'Node').map((node) => node.name));
    const told = new Set(bundle.events.filter(({ kind }) => kind === 'Node').map((event) => event.name));
    const rows = [...told].filter((node) => !known.has(node));
    if (known.size > 0 || rows.length === 0) return [];
    const table = rows.map((node) => ({
      ...{ id: `object:Node/_/${node}`, kind: 'Node', namespace: null, name: node },
      body: { spec: {}, status: { conditions: [{ type: 'Ready', status: 'True' }] } },
    }));
    return (
      lost(bundle, { ...bundle, objects: [...bundle.objects, ...table] })
        // Of these a node that is ready does say that they are over.
        .filter((one) => !/^(?:node_not_ready|tls_certificate_expired) /.test(one))
        .map((one) => `${name}: ${one}`)
    );
  });
  expect(acquitted).toEqual([]);
});
