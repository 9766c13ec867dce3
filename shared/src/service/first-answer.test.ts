import { expect, it } from '@jest/globals';
import { firstAnswer } from './first-answer.ts';

/** A server that fails each time, `took` milliseconds after it was asked, until `from`. */
function server({ took, from = Number.POSITIVE_INFINITY }: { took: number; from?: number }) {
  let now = 0;
  let tries = 0;
  const asking = {
    clock: { now: () => new Date(0), monotonic: () => now },
    isLasting: (error: unknown) => String(error).includes('wrong password'),
    pause: async (ms: number) => {
      now += ms;
    },
  };
  const ask = async () => {
    tries += 1;
    now += took;
    if (now < from) throw new Error('no answer');
    return 'answer';
  };
  return { asking, ask, told: () => ({ tries, ended: now }) };
}

it.each([
  ['refuses at once', 0, { tries: 16, ended: 15_000 }],
  ['stays silent', 4_000, { tries: 3, ended: 14_000 }],
  ['is one of three that stay silent', 12_000, { tries: 1, ended: 12_000 }],
])('gives up on a server that %s within 15 s', async (_what, took, told) => {
  const silent = server({ took });
  await expect(firstAnswer({ ...silent.asking, ask: silent.ask })).rejects.toThrow('no answer');
  expect(silent.told()).toEqual(told);
});

it('takes the answer of one that comes up late', async () => {
  const late = server({ took: 0, from: 7_000 });
  expect(await firstAnswer({ ...late.asking, ask: late.ask })).toBe('answer');
});

it('tells once that it waits, and not where it does not', async () => {
  const told: unknown[] = [];
  const waits = (error: unknown) => told.push(error);
  const late = server({ took: 0, from: 7_000 });
  await firstAnswer({ ...late.asking, ask: late.ask, waits });
  expect(told).toMatchObject([{ message: 'no answer' }]);
  const slow = server({ took: 12_000 });
  await expect(firstAnswer({ ...slow.asking, ask: slow.ask, waits })).rejects.toThrow();
  const ask = () => Promise.reject(new Error('wrong password'));
  await expect(firstAnswer({ ...late.asking, ask, waits })).rejects.toThrow();
  expect(told).toHaveLength(1);
});

it('does not wait for what waiting does not mend', async () => {
  const { asking, told } = server({ took: 0 });
  const ask = () => Promise.reject(new Error('wrong password'));
  await expect(firstAnswer({ ...asking, ask })).rejects.toThrow('wrong password');
  expect(told().ended).toBe(0);
});
