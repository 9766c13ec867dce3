import type { JsonObject } from '@aetherius/shared/contracts';
import { aBundle } from '@aetherius/shared/testing';
import { expect, it } from '@jest/globals';
import { readFacts } from '../facts.ts';
import { failedJob } from './jobs.ts';

const told = (condition: JsonObject) => {
  const subject = { kind: 'Job', namespace: 'nest', name: 'count' };
  const body = { status: { conditions: [{ type: 'Failed', status: 'True', ...condition }] } };
  const objects = [{ id: 'job', ...subject, body }];
  return failedJob(readFacts(aBundle({ subject, objects, logs: [], events: [], changes: [] }))).map(
    ({ cause }) => cause.description,
  );
};

it('a failed Job is told by what its status says, and by no reason that it does not give', () => {
  expect(told({ reason: 'BackoffLimitExceeded' })).toEqual(['job count failed: its retries are used up']);
  expect(told({ reason: 'PodFailurePolicy' })).toEqual(['job count failed: a rule of its podFailurePolicy ended it']);
  expect(told({ reason: 'MaxFailedIndexesExceeded' })).toEqual(['job count failed: too many of its indexes failed']);
  expect(told({})).toEqual(['job count failed: its status is Failed, and nothing says why']);
});
