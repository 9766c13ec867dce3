import { aBundle } from '@aetherius/shared/testing';
import { describe, expect, it } from '@jest/globals';
import { readFacts } from '../facts.ts';
import { runningLog } from './running-log.ts';

const subject = { kind: 'Pod', namespace: 'shop', name: 'cart-1' };
const ready = {
  status: {
    phase: 'Running',
    conditions: [{ type: 'Ready', status: 'True' }],
    containerStatuses: [{ name: 'app', ready: true, restartCount: 0, state: { running: {} } }],
  },
};
const found = (...lines: string[]) => {
  const log = { id: 'log:1', namespace: 'shop', pod: 'cart-1', container: 'app', previous: false, lines };
  const objects = [{ id: 'pod:1', ...subject, body: ready }];
  return runningLog(readFacts(aBundle({ subject, objects, logs: [log], events: [], changes: [] })));
};

describe('what a running program repeats', () => {
  it('is one error where only a name differs', () => {
    const told = found(
      'error: gift voucher of customer ada was rejected by ledger',
      'error: gift voucher of customer grace was rejected by ledger',
      'error: gift voucher of customer edsger was rejected by ledger',
    );
    expect(told).toEqual([expect.objectContaining({ category: 'log_error_signature' })]);
    expect(told[0]?.cause.description).toContain('(3 times)');
  });

  it('is nothing where three errors have nothing in common', () => {
    expect(
      found('error: ledger is read only today', 'panic averted in the tax engine', 'error: colour 7 is unknown'),
    ).toEqual([]);
  });
});
