import { Bundle, EvidenceRead, FIRST_LOG_LINES } from '@aetherius/shared/contracts';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { diagnose } from '../diagnose.ts';
import { freshLook } from './missing-evidence.ts';

const at = '2026-01-02T03:04:05.000Z';
const subject = { kind: 'Deployment', namespace: 'shop', name: 'cart' };
const bundle = (parts: object) => Bundle.parse({ cluster: 'eu-1', at, subject, ...parts });
const object = (kind: string, name: string, body: object) => ({ id: `o-${name}`, kind, namespace: 'shop', name, body });

const killed = { terminated: { exitCode: 137, reason: 'Error', finishedAt: '2026-01-02T03:03:50.000Z' } };
const pod = (name = 'cart-1', container = 'app') =>
  object('Pod', name, {
    metadata: { name, namespace: 'shop', ownerReferences: [{ kind: 'Deployment', name: 'cart' }] },
    spec: { nodeName: 'n1', containers: [{ name: container }], claims: ['cart-data'] },
    status: {
      phase: 'Running',
      containerStatuses: [
        {
          name: container,
          ready: false,
          restartCount: 4,
          state: { waiting: { reason: 'CrashLoopBackOff' } },
          lastState: killed,
        },
      ],
    },
  });
const log = (lines: string[]) => ({
  id: 'l',
  namespace: 'shop',
  pod: 'cart-1',
  container: 'app',
  previous: true,
  lines,
});
const dump = Array.from({ length: FIRST_LOG_LINES }, (_, line) => `thread ${line}: parked`);
const shown = (parts: object) =>
  diagnose(bundle(parts)).reads.map(
    ({ action, target }) => `${action} ${target.kind} ${target.namespace}/${target.name}`,
  );

describe('missing evidence', () => {
  it('asks for the log of the run that ended, then for what the pod names and the bundle lacks', () => {
    const diagnosis = diagnose(bundle({ objects: [pod()] }));
    expect([diagnosis.status, diagnosis.category]).toEqual(['abstained', 'unknown']);
    expect(diagnosis.reads[0]).toEqual({
      action: 'logs',
      target: { kind: 'Pod', namespace: 'shop', name: 'cart-1' },
      parameters: { container: 'app', previous: true, tail_lines: 400 },
      what: 'what container app of Pod shop/cart-1 said before it ended',
      command: 'kubectl logs cart-1 -n shop -c app --previous --tail=400',
    });
    expect(shown({ objects: [pod()] })).toEqual([
      'logs Pod shop/cart-1',
      'events Pod shop/cart-1',
      'describe Deployment shop/cart',
      'describe PersistentVolumeClaim shop/cart-data',
    ]);
    expect(diagnosis.missing_evidence[0]).toBe(
      'what container app of Pod shop/cart-1 said before it ended: kubectl logs cart-1 -n shop -c app --previous --tail=400',
    );
  });

  it('asks for more of a log of which only a silent end is there, and answers once the beginning says why', () => {
    const end = { objects: [pod()], logs: [log(dump)] };
    expect([diagnose(bundle(end)).status, shown(end)[0]]).toEqual(['abstained', 'logs Pod shop/cart-1']);
    const whole = diagnose(bundle({ ...end, logs: [log(['ERROR db: connect ECONNREFUSED 10.0.0.7:5432', ...dump])] }));
    expect([whole.status, whole.category, whole.reads]).toEqual(['answered', 'dependency_unreachable', []]);
  });

  const looping = (terminated: object, lines?: string[]) => {
    const ended = Object.keys(terminated).length === 0 ? {} : { lastState: { terminated } };
    const state = { waiting: { reason: 'CrashLoopBackOff' } };
    const status = { containerStatuses: [{ name: 'app', ready: false, restartCount: 6, state, ...ended }] };
    const objects = [object('Pod', 'cart-1', { spec: { containers: [{ name: 'app' }] }, status })];
    return diagnose(bundle({ objects, logs: lines === undefined ? [] : [log(lines)] }));
  };

  it('asks for the log of a crash loop of which neither log nor exit code is there', () => {
    const { status, missing_evidence } = looping({});
    expect(status).toBe('abstained');
    expect(missing_evidence[0]).toContain('kubectl logs cart-1 -n shop -c app --previous');
  });

  it('takes a last line that complains of nothing for less than a cause', () => {
    const quiet = looping({}, ['INFO listening on :8080', 'INFO GET /a 200']);
    const loud = looping({}, ['INFO listening on :8080', 'ERROR bad flag']);
    expect(quiet.root_cause.description).toContain('its log ends with: INFO GET /… 200');
    expect(loud.root_cause.description).toContain('its log says: ERROR bad flag');
    expect(quiet.confidence).toBeLessThan(loud.confidence - 0.05);
    expect(loud.confidence).toBeGreaterThan(0.9);
  });

  it('takes an end by SIGTERM for no error of the program', () => {
    expect(looping({ exitCode: 143, reason: 'Error' }, ['INFO received SIGTERM, shutting down']).status).toBe(
      'abstained',
    );
    expect(looping({ exitCode: 143, reason: 'Error' }, ['ERROR bad flag']).category).toBe('crash_loop_app_error');
  });

  it('asks for nothing that a short log would not have said', () => {
    expect(shown({ objects: [pod()], logs: [log(['bye'])] })).not.toContain('logs Pod shop/cart-1');
  });

  it('looks for pods that only an Event names', () => {
    const event = {
      ...{ id: 'e', type: 'Warning', reason: 'Odd', message: 'odd', kind: 'Pod', namespace: 'shop', name: 'cart-9' },
      ...{ count: 5, last_timestamp: at },
    };
    expect(shown({ events: [event] })).toContain('get Pod shop/cart-9');
  });

  it('asks a workload that lacks pods for its conditions, and a pod of which only a row is there for its description', () => {
    const workload = object('Deployment', 'cart', { spec: { replicas: 3 }, status: { replicas: 1, readyReplicas: 1 } });
    expect(shown({ objects: [workload] })).toEqual(['describe Deployment shop/cart']);
    const row = object('Pod', 'cart-1', { metadata: {}, status: { phase: 'Pending' } });
    const told = {
      id: 'e',
      type: 'Warning',
      reason: 'Odd',
      message: '',
      kind: 'Pod',
      namespace: 'shop',
      name: 'cart-1',
    };
    const events = [{ ...told, count: 5, last_timestamp: at }];
    expect(shown({ objects: [row], events })[0]).toBe('describe Pod shop/cart-1');
  });

  it('looks at the same objects again, and at why a program ended, when a fault was seen that the evidence does not show', () => {
    const { reads, missing_evidence } = freshLook(bundle({ objects: [pod()] }), ['BackOff']);
    expect(reads.map(({ action, target }) => `${action} ${target.name}`)).toEqual([
      'logs cart-1',
      'describe cart',
      'describe cart-1',
    ]);
    expect(missing_evidence[0]).toBe('what was seen: BackOff');
  });

  it('never makes a command of what is not a name, whatever the cluster says', () => {
    expect(shown({ objects: [pod('cart-1; rm -rf /')] }).join(' ')).not.toContain('rm');
    expect(shown({ objects: [pod('cart-1', '--kubeconfig=/tmp/x')] })[0]).not.toContain('logs');
    const evil = { subject: { kind: 'Secret', namespace: 'shop', name: 'keys' } };
    expect(shown(evil)).toEqual([]);
    fc.assert(
      fc.property(fc.string(), fc.string(), (name, container) => {
        for (const read of diagnose(bundle({ objects: [pod(name, container)] })).reads) {
          expect(EvidenceRead.safeParse(read).success).toBe(true);
          expect(read.command).toMatch(/^kubectl [a-zA-Z0-9 .,=-]+$/);
        }
      }),
    );
  });
});
