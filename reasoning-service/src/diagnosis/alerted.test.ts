import { Bundle } from '@aetherius/shared/contracts';
import { describe, expect, it } from '@jest/globals';
import { diagnose } from './diagnose.ts';

const alert = (name: string, labels: object) => ({
  id: `alert:${name}`,
  name,
  labels,
  annotations: {},
  starts_at: null,
});
const of = { namespace: 'pay', pod: 'api-7f9c5d8b4-hx2zq', container: 'api' };
const found = (...alerts: object[]) =>
  diagnose(
    Bundle.parse({
      ...{ cluster: 'eu-1', at: '2026-01-02T03:04:05.000Z', alerts },
      subject: { kind: 'Cluster', namespace: null, name: 'eu-1' },
    }),
  );

describe('alerts alone', () => {
  it('tell of a throttled program, though the alert only informs', () => {
    const { category, subject } = found(alert('CPUThrottlingHigh', { ...of, severity: 'info' }));
    expect([category, subject.namespace, subject.name]).toEqual(['cpu_throttling', 'pay', 'api']);
  });
  it('say that nothing is wrong where only the watchdog fires', () => {
    expect(found(alert('Watchdog', { severity: 'none' })).category).toBe('no_incident');
    expect(found(alert('InfoInhibitor', { severity: 'none' })).category).toBe('no_incident');
    const both = [
      alert('Watchdog', { severity: 'none' }),
      alert('InfoInhibitor', { severity: 'none', namespace: 'pay' }),
    ];
    expect(found(...both).category).toBe('no_incident');
  });
  it('name the program that keeps ending, and what would say why', () => {
    const { status, subject, missing_evidence } = found(alert('KubePodCrashLooping', { ...of, severity: 'warning' }));
    expect([status, subject.namespace, subject.name]).toEqual(['abstained', 'pay', 'api']);
    expect(missing_evidence[0]).toContain('kubectl logs api-7f9c5d8b4-hx2zq -n pay -c api --previous');
  });
  it('are about the Service that they name, and one fault with what makes it slow', () => {
    const slow = alert('RequestLatencyHigh', { namespace: 'pay', service: 'api', severity: 'page' });
    const alone = found(slow);
    expect([alone.category, alone.subject]).toEqual([
      'latency_high',
      { kind: 'Service', namespace: 'pay', name: 'api' },
    ]);
    const both = found(slow, alert('CPUThrottlingHigh', of));
    expect([both.category, both.subject.kind]).toEqual(['cpu_throttling', 'Deployment']);
    expect(both.rejected).toEqual([expect.objectContaining({ category: 'latency_high' })]);
    expect(both.rejected[0]?.reason).toContain('explained by');
    const other = found({ ...slow, labels: { namespace: 'pay', service: 'ledger' } }, alert('CPUThrottlingHigh', of));
    expect(other.rejected[0]?.reason).toContain('another fault, of Service pay/ledger');
  });
  it.each([
    ['who only measured it', { namespace: 'monitoring', service: 'main-kube-state-metrics' }],
    ['what is no name', { namespace: 'pay', service: 'api; rm -rf /' }],
    ['a Service of no namespace', { service: 'api' }],
  ])('are about no Service where they name %s', (_, labels) => {
    expect(found(alert('RequestLatencyHigh', labels)).subject.kind).toBe('Cluster');
  });
  it.each([
    [
      'Deployment',
      { namespace: 'shop', deployment: 'checkout' },
      ['kubectl describe deployment checkout -n shop', 'involvedObject.kind=Deployment,involvedObject.name=checkout'],
    ],
    ['Service', { namespace: 'web', service: 'front' }, ['kubectl describe service front -n web', 'name=front']],
    ['Node', { node: 'wk-1' }, ['kubectl describe node wk-1', 'involvedObject.kind=Node,involvedObject.name=wk-1']],
  ])('are evidence, and ask for more of the %s that they name', (kind, labels, commands) => {
    const answer = found(alert('SomethingOdd', { ...labels, severity: 'warning' }));
    expect([answer.status, answer.subject.kind]).toEqual(['abstained', kind]);
    expect(answer.evidence).toEqual([{ id: 'alert:SomethingOdd', quote: 'alert: SomethingOdd' }]);
    for (const command of commands) expect(answer.missing_evidence.join()).toContain(command);
    expect(answer.missing_evidence.join()).not.toContain('get pods -A');
    expect(answer.reads.map(({ target }) => target?.kind)).toContain(kind);
  });
  it('make no command of what is no name', () => {
    const { reads } = found(alert('KubePodCrashLooping', { ...of, pod: 'x; rm -rf /', severity: 'warning' }));
    expect(reads.map(({ command }) => command).join()).not.toContain('rm');
  });
});
