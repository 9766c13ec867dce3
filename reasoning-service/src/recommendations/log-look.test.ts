import type { JsonObject } from '@aetherius/shared/contracts';
import { aBundle, aDiagnosis } from '@aetherius/shared/testing';
import { describe, expect, it } from '@jest/globals';
import { logLook } from './log-look.ts';
import { scopeOf } from './scope.ts';

const subject = { kind: 'Pod', namespace: 'ink', name: 'press-0' };
const look = (containerStatuses: JsonObject[], target = subject) => {
  const containers = containerStatuses.map(({ name }) => ({ name, image: 'ink/press:1' }));
  const body = { spec: { containers }, status: { containerStatuses } } as JsonObject;
  const bundle = aBundle({ subject, objects: [{ id: 'p', ...subject, body }] });
  const diagnosis = aDiagnosis({ subject, root_cause: { subject, description: 'x' } });
  return logLook({ previous: true, tail_lines: 200 }, target, scopeOf(diagnosis, bundle));
};
const fine = { name: 'proxy', ready: true, restartCount: 0, state: { running: {} } };
const again = {
  ...{ name: 'press', ready: false, restartCount: 4, state: { waiting: { reason: 'CrashLoopBackOff' } } },
  lastState: { terminated: { exitCode: 1 } },
};

describe('a look at a log', () => {
  it('is at the container that fails, where a pod has several', () => {
    expect(look([fine, again])).toEqual({ previous: true, tail_lines: 200, container: 'press' });
    expect(look([again])).toEqual({ previous: true, tail_lines: 200 });
  });
  it('is at the run that there is, where none was before it', () => {
    const once = { name: 'press', ready: false, restartCount: 0, state: { terminated: { exitCode: 1 } } };
    expect(look([once])).toEqual({ previous: false, tail_lines: 200 });
  });
  it('stays as it is where the pod was not read', () => {
    expect(look([fine], { ...subject, name: 'press-1' })).toEqual({ previous: true, tail_lines: 200 });
  });
});
