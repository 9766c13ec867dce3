import { appendFileSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Entry, Spool } from './spool.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'aetherius-spool-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const at = (second: number) => new Date(second * 1000).toISOString();
const entry = (number: number): Entry => ({ id: String(number), subject: 's', at: at(number), body: 'x'.repeat(80) });
const idsOf = async (spool: Spool): Promise<number[]> => {
  const ids: number[] = [];
  for (;;) {
    const batch = await spool.peek(7);
    const last = batch.at(-1);
    if (last === undefined) return ids;
    ids.push(...batch.map(({ id }) => Number(id)));
    await spool.ack(last);
  }
};
const fill = (spool: Spool, from: number, count: number) =>
  Promise.all(Array.from({ length: count }, (_, index) => spool.append(entry(from + index))));

describe('the spool', () => {
  it('gives back in order what it got, over many files and a restart', async () => {
    const spool = await Spool.open({ folder, segmentBytes: 500 });
    for (let number = 0; number < 40; number += 1) await spool.append(entry(number));
    const [first] = await spool.peek(1);
    if (first !== undefined) await spool.ack(first);
    await spool.stop();
    const again = await Spool.open({ folder, segmentBytes: 500 });
    expect(again.waiting()).toBe(39);
    expect(await idsOf(again)).toEqual(Array.from({ length: 39 }, (_, index) => index + 1));
    expect(again.waiting()).toBe(0);
    await again.stop();
  });

  it('spreads a storm over files of a bounded size', async () => {
    const spool = await Spool.open({ folder, segmentBytes: 500 });
    await fill(spool, 0, 1_000);
    expect(readdirSync(folder).filter((name) => name.endsWith('.log'))).toHaveLength(4);
    expect(await idsOf(spool)).toHaveLength(1_000);
    await spool.stop();
  });

  it('knows since when the oldest has waited, also after a restart', async () => {
    const spool = await Spool.open({ folder, segmentBytes: 500 });
    expect(spool.oldest()).toBeUndefined();
    await fill(spool, 0, 20);
    expect(spool.oldest()).toBe(at(0));
    const [, , third] = await spool.peek(3);
    if (third !== undefined) await spool.ack(third);
    expect(spool.oldest()).toBe(at(3));
    await spool.stop();
    const again = await Spool.open({ folder, segmentBytes: 500 });
    await again.peek(1);
    expect(again.oldest()).toBe(at(3));
    await idsOf(again);
    expect(again.oldest()).toBeUndefined();
    await again.stop();
  });

  it('drops and counts a line that was being written when the process died', async () => {
    const spool = await Spool.open({ folder });
    await fill(spool, 0, 3);
    await spool.stop();
    const [file = ''] = readdirSync(folder).filter((name) => name.endsWith('.log'));
    appendFileSync(join(folder, file), '{"id":"3","subject":"s","bo');
    const again = await Spool.open({ folder });
    await again.append(entry(4));
    expect(again.torn).toBe(1);
    expect(await idsOf(again)).toEqual([0, 1, 2, 4]);
    await again.stop();
  });

  it('cuts the oldest when it is full, counts them, and forgets no count in a restart', async () => {
    const spool = await Spool.open({ folder, segmentBytes: 500, maxBytes: 2_000 });
    for (let number = 0; number < 40; number += 1) await spool.append(entry(number));
    await spool.stop();
    const again = await Spool.open({ folder, segmentBytes: 500, maxBytes: 2_000 });
    const gap = again.gap();
    const kept = await idsOf(again);
    expect(gap).toMatchObject({ count: 40 - kept.length, first_at: at(0), last_at: at((kept[0] ?? 0) - 1) });
    expect(kept.at(-1)).toBe(39);
    if (gap !== undefined) await again.closeGap(gap);
    expect(again.gap()).toBeUndefined();
    await again.stop();
  });

  it('cuts nothing without a bound', async () => {
    const spool = await Spool.open({ folder, segmentBytes: 500 });
    await fill(spool, 0, 100);
    expect(spool.gap()).toBeUndefined();
    expect(await idsOf(spool)).toHaveLength(100);
    await spool.stop();
  });

  it('refuses an entry that it could not keep, and keeps on', async () => {
    let broken = true;
    const fault = () => {
      if (broken) throw new Error('disk full');
    };
    const spool = await Spool.open({ folder, fault });
    await expect(spool.append(entry(0))).rejects.toThrow('disk full');
    broken = false;
    await spool.append(entry(1));
    expect(await idsOf(spool)).toContain(1);
    await spool.stop();
  });
});

type Step =
  | { kind: 'append'; count: number }
  | { kind: 'send'; count: number }
  | { kind: 'crash'; torn: boolean; after: number };
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('append' as const), count: fc.integer({ min: 1, max: 9 }) }),
  fc.record({ kind: fc.constant('send' as const), count: fc.integer({ min: 1, max: 9 }) }),
  fc.record({ kind: fc.constant('crash' as const), torn: fc.boolean(), after: fc.integer({ min: 0, max: 3 }) }),
);

/** A process with a spool that may be killed at any named point, again and again, and what it owes. */
class Mortal {
  readonly acknowledged = new Set<number>();
  readonly arrived = new Set<number>();
  #next = 0;
  #faultsLeft = Number.POSITIVE_INFINITY;
  #spool: Spool | undefined;

  readonly #fault = (): void => {
    if (this.#faultsLeft <= 0) throw new Error('killed');
    this.#faultsLeft -= 1;
  };

  async spool(): Promise<Spool> {
    this.#spool ??= await Spool.open({ folder, segmentBytes: 400, fault: this.#fault });
    return this.#spool;
  }

  async append(count: number): Promise<void> {
    const spool = await this.spool();
    const appendOne = async (number: number) => {
      await spool.append(entry(number));
      this.acknowledged.add(number);
    };
    await Promise.allSettled(Array.from({ length: count }, () => appendOne(this.#next++)));
  }

  async send(count: number): Promise<void> {
    const spool = await this.spool();
    const batch = await spool.peek(count).catch(() => []);
    for (const { id } of batch) this.arrived.add(Number(id));
    const last = batch.at(-1);
    if (last !== undefined) await spool.ack(last).catch(() => undefined);
  }

  /** Works on until the given point, dies there, and may leave half a line behind. */
  async crash(faults: number, torn: boolean): Promise<void> {
    this.#faultsLeft = faults;
    await this.append(2);
    await this.send(3);
    await this.append(1);
    await this.stop();
    const last = readdirSync(folder)
      .filter((name) => name.endsWith('.log'))
      .sort()
      .at(-1);
    if (torn && last !== undefined) appendFileSync(join(folder, last), '{"id":"9');
    this.#faultsLeft = Number.POSITIVE_INFINITY;
  }

  async stop(): Promise<void> {
    await this.#spool?.stop();
    this.#spool = undefined;
  }
}

const take = (mortal: Mortal, current: Step): Promise<void> => {
  if (current.kind === 'append') return mortal.append(current.count);
  return current.kind === 'send' ? mortal.send(current.count) : mortal.crash(current.after, current.torn);
};

describe('whatever the point of a crash', () => {
  it('loses nothing acknowledged and keeps the order', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 14 }), async (steps) => {
        rmSync(folder, { recursive: true, force: true });
        const mortal = new Mortal();
        for (const current of steps) await take(mortal, current);
        const left = await idsOf(await mortal.spool());
        await mortal.stop();
        expect(left).toEqual([...new Set(left)].sort((a, b) => a - b));
        const arrived = new Set([...mortal.arrived, ...left]);
        expect([...mortal.acknowledged].filter((number) => !arrived.has(number))).toEqual([]);
      }),
      { numRuns: 60 },
    );
  }, 60_000);
});
