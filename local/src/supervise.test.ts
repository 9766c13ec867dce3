import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import type { Managed } from './process.ts';
import { supervise } from './supervise.ts';

/** Programs that end when a test says so; `launches` counts them. */
function playground(broken: number[] = []) {
  const ends: (() => void)[] = [];
  const said: string[] = [];
  const failures: string[] = [];
  let at = 0;
  let launches = 0;
  const launch = async (): Promise<Managed> => {
    launches += 1;
    if (broken.includes(launches)) throw new Error('not ready');
    let end = () => {};
    const exited = new Promise<void>((resolve) => {
      end = resolve;
    });
    ends.push(end);
    const stop = async () => end();
    return { name: 'manager', pid: 0, exited, stop };
  };
  const supervised = supervise({
    name: 'manager',
    launch,
    keepLog: () => '/logs/manager.ended.log',
    trouble: (line) => said.push(line),
    failed: (reason) => failures.push(reason),
    now: () => at,
  });
  const end = async () => {
    ends.at(-1)?.();
    await turn();
  };
  return { supervised, end, said, failures, launches: () => launches, pass: (ms: number) => (at += ms) };
}

describe('supervise', () => {
  it('names the part that ended and its log, and starts it again', async () => {
    const { supervised, end, said, launches } = playground();
    await supervised;
    await end();
    expect(launches()).toBe(2);
    expect(said).toEqual(['manager ended and is started again; its log is /logs/manager.ended.log']);
  });

  it('gives up the fourth time within a minute, with the reason', async () => {
    const { supervised, end, failures, launches } = playground();
    await supervised;
    for (let i = 0; i < 4; i++) await end();
    expect(launches()).toBe(4);
    expect(failures).toEqual(['manager ended 4 times within a minute; its log is /logs/manager.ended.log']);
  });

  it('counts those of the last minute only', async () => {
    const { supervised, end, failures, launches, pass } = playground();
    await supervised;
    for (let i = 0; i < 8; i++) {
      await end();
      pass(30_000);
    }
    expect([launches(), failures]).toEqual([9, []]);
  });

  it('counts a start that did not succeed as another end', async () => {
    const { supervised, end, failures, launches } = playground([2, 3, 4]);
    await supervised;
    await end();
    expect(launches()).toBe(4);
    expect(failures).toHaveLength(1);
  });

  it('leaves it ended once it was stopped', async () => {
    const { supervised, launches, said } = playground();
    await (await supervised).stop();
    await turn();
    expect([launches(), said]).toEqual([1, []]);
  });

  it('hides nothing of a first start that fails', async () => {
    await expect(playground([1]).supervised).rejects.toThrow('not ready');
  });
});
