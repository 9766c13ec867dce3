import { describe, expect, it } from '@jest/globals';
import { recognise } from './recognise.ts';

const read = (text: string) => recognise({ name: 'x.txt', text }, '2026-11-20T10:15:00.000Z');

describe('what Alertmanager writes to people', () => {
  it('holds the alerts that fire, and those that are over where all are', () => {
    const slack =
      '[FIRING:2] (KubeNodeNotReady n9)\n*Labels:*\n - alertname = KubeNodeNotReady\n - node = n9\n*Labels:*\n - alertname = KubePodNotReady\n - pod = a-1\n - namespace = pay\n';
    expect(read(slack).alerts.map(({ name, labels }) => [name, labels['node'] ?? labels['pod']])).toEqual([
      ['KubeNodeNotReady', 'n9'],
      ['KubePodNotReady', 'a-1'],
    ]);
    expect(read(slack.replace('FIRING', 'RESOLVED'))).toMatchObject({
      alerts: [{ name: 'KubeNodeNotReady', ends_at: expect.any(String) }, { name: 'KubePodNotReady' }],
      cut: ['x.txt: 2 alerts that are resolved, pending or silenced'],
    });
    const half = slack.replace(/\*Labels:\*\n - alertname = KubePod/, 'Alerts Resolved:\n - alertname = KubePod');
    expect(read(half)).toMatchObject({ alerts: [{ name: 'KubeNodeNotReady', ends_at: null }] });
    expect(read('[INFO] all is well\nalertname: none\n').alerts).toEqual([]);
  });
});
