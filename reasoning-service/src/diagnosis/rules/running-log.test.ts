import type { JsonObject } from '@aetherius/shared/contracts';
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
const unready = {
  status: {
    ...ready.status,
    conditions: [{ type: 'Ready', status: 'False' }],
    containerStatuses: [{ name: 'app', ready: false, restartCount: 0, state: { running: {} } }],
  },
};
const found = (...lines: string[]) => foundIn(ready, lines);
const foundIn = (body: JsonObject, lines: string[]) => {
  const log = { id: 'log:1', namespace: 'shop', pod: 'cart-1', container: 'app', previous: false, lines };
  const objects = [{ id: 'pod:1', ...subject, body }];
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

describe('what a program only warns of that is not ready', () => {
  const warning = 'warn sds no certificate: dial tcp 10.96.4.4:15012: connect: connection refused';
  const told = (...lines: string[]) => foundIn(unready, lines).map(({ category }) => category);
  it('is why, where nothing graver is said up to the end', () => {
    expect(foundIn(unready, [warning, warning, 'warn not ready yet'])).toEqual([
      expect.objectContaining({
        category: 'dependency_unreachable',
        evidence: expect.arrayContaining([{ id: 'log:1', quote: warning }]),
      }),
    ]);
  });
  it('is not where it is said once, is over, or an error is said as well', () => {
    expect(told(warning)).toEqual([]);
    expect(told(warning, warning, 'info a', 'info b')).toEqual([]);
    expect(told(warning, warning, 'error nest is null')).toEqual([]);
  });
});
