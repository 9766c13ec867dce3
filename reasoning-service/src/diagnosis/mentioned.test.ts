import type { Bundle, JsonObject, Subject } from '@aetherius/shared/contracts';
import { describe, expect, it } from '@jest/globals';
import { diagnose } from './diagnose.ts';
import { readFacts } from './facts.ts';
import type { Hypothesis } from './hypothesis.ts';
import { createMentions } from './mentioned.ts';

const at = '2026-11-21T10:00:00.000Z';
const object = (kind: string, name: string, body: JsonObject = {}, namespace: string | null = 'shop') => ({
  ...{ id: `${kind}/${name}`, kind, namespace, name },
  body,
});
const pod = (name: string, node: string, namespace = 'shop') =>
  object(
    'Pod',
    name,
    {
      metadata: { labels: { app: name }, ownerReferences: [{ kind: 'Deployment', name: name.split('-')[0] ?? '' }] },
      spec: {
        nodeName: node,
        containers: [{ name: 'app', env: [{ name: 'DATABASE_URL', value: `postgres://db.${namespace}.svc:5432` }] }],
        volumes: [{ name: 'v', persistentVolumeClaim: { claimName: `${name}-data` } }],
      },
    },
    namespace,
  );
const log = (name: string, namespace = 'shop') => ({
  ...{ id: `log:${namespace}/${name}`, namespace, pod: name, container: 'app', previous: false },
  lines: ['ERROR boom', 'ERROR cart is away'],
});
const bundle: Bundle = {
  cluster: 'eu-1',
  at,
  subject: { kind: 'Deployment', namespace: 'shop', name: 'cart' },
  objects: [
    pod('cart-1', 'n1'),
    pod('search-1', 'n1'),
    pod('db-1', 'n2'),
    object('Service', 'db', { metadata: { uid: 'u' }, spec: { selector: { app: 'db-1' } } }),
    object('Node', 'n1', {}, null),
    object('Node', 'n2', {}, null),
    object('PersistentVolumeClaim', 'cart-1-data'),
  ],
  events: [],
  logs: [log('cart-1'), log('cart-1', 'other'), log('search-1'), log('db-1')],
  ...{ metrics: [], alerts: [], changes: [], forecasts: [], cut: [], complete: [] },
};

const about = (cause: Subject, affects: string[] = ['Pod/shop/cart-1']): Hypothesis => ({
  ...{ category: 'crash_loop_app_error', severity: 'high', subject: bundle.subject },
  ...{ cause: { subject: cause, description: '' }, weight: 0.9, evidence: [], recommendations: [], affects },
});

describe('evidence that mentions what is told', () => {
  const holds = (id: string, quote = 'ERROR boom', cause: Subject = bundle.subject): boolean =>
    createMentions(readFacts(bundle), about(cause))({ id, quote });

  it('is of the subject, and of what it stands on and calls', () => {
    const near = ['log:shop/cart-1', 'Pod/cart-1', 'Node/n1', 'PersistentVolumeClaim/cart-1-data', 'Service/db'];
    expect(near.filter((id) => !holds(id))).toEqual([]);
  });

  it('is not of a neighbour on the same node, another node, or a pod of the same name in another namespace', () => {
    const far = ['log:shop/search-1', 'Pod/search-1', 'Node/n2', 'log:other/cart-1'];
    expect(far.filter((id) => holds(id))).toEqual([]);
  });

  it('is of the cause where that lies elsewhere', () => {
    const db = { kind: 'Service', namespace: 'shop', name: 'db' };
    expect([holds('log:shop/db-1'), holds('log:shop/db-1', 'ERROR boom', db)]).toEqual([false, true]);
    expect(holds('Pod/search-1', 'x: y', { kind: 'Node', namespace: null, name: 'n1' })).toBe(true);
  });

  it('may name the subject in its words, as a whole word', () => {
    expect(holds('log:shop/search-1', 'ERROR cart is away')).toBe(true);
    expect(holds('log:shop/search-1', 'ERROR cartridge is away')).toBe(false);
  });
});

describe('a pod of the same name in another namespace', () => {
  it('does not lend its log', () => {
    const status = {
      ...{ name: 'app', ready: false, restartCount: 6, state: { waiting: { reason: 'CrashLoopBackOff' } } },
      lastState: { terminated: { exitCode: 1, reason: 'Error' } },
    };
    const crashing = object('Pod', 'cart-1', {
      spec: { containers: [{ name: 'app' }] },
      status: { containerStatuses: [status] },
    });
    const told = (namespace: string) =>
      diagnose({
        ...bundle,
        objects: [crashing],
        logs: [{ ...log('cart-1', namespace), lines: ['ERROR no such host db.shop'] }],
      });
    const [own, others] = [told('shop'), told('other')];
    expect([own.category, own.subject.namespace]).toEqual(['dns_failure', 'shop']);
    expect([others.status, others.category, others.subject.namespace]).toEqual(['abstained', 'unknown', 'shop']);
  });
});
