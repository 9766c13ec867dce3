import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Nats } from '@aetherius/shared/nats';
import { anEvent, eventually, fakeClock, silentLogger } from '@aetherius/shared/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openUplink } from './uplink.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'aetherius-uplink-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const MIB = 1024 ** 2;

/** An uplink whose events' folder became a file, so that nothing can be written there: as good as a full disk. */
async function withoutRoom(current: () => Nats | undefined) {
  const needs = { folder, maxBytes: 64 * MIB, cluster: 'eu-1', agentId: 'a', clock: fakeClock(), log: silentLogger() };
  const uplink = await openUplink({ ...needs, bus: { current } });
  rmSync(join(folder, 'events'), { recursive: true });
  writeFileSync(join(folder, 'events'), '');
  return uplink;
}

describe('an event that cannot be kept on disk', () => {
  it('goes straight to the bus', async () => {
    const sent: unknown[] = [];
    const nats = { connected: () => true, publish: async (...message: unknown[]) => sent.push(message) };
    const uplink = await withoutRoom(() => nats as unknown as Nats);
    const event = anEvent();
    uplink.sendEvent(event);
    await eventually(() =>
      expect(sent).toMatchObject([['aetherius.agent.eu-1.event', { id: event.id }, { id: event.id }]]),
    );
    expect(uplink.problems()).toEqual([]);
    await uplink.stop();
  });

  it('is counted and told when the bus is away, too', async () => {
    const uplink = await withoutRoom(() => undefined);
    uplink.sendEvent(anEvent());
    await eventually(() => expect(uplink.problems()).toEqual([expect.stringContaining('1 events were lost')]));
    await uplink.stop();
  });
});

describe('the room of the spool', () => {
  it('is what it was given: beyond it the oldest events are cut and counted', async () => {
    const needs = { folder, cluster: 'eu-1', agentId: 'a', clock: fakeClock(), log: silentLogger() };
    const uplink = await openUplink({ ...needs, maxBytes: 4 * MIB, bus: { current: () => undefined } });
    for (let round = 0; round < 7; round += 1) {
      for (let event = 0; event < 200; event += 1) uplink.sendEvent(anEvent({ message: 'x'.repeat(2000) }));
      await eventually(() => expect(uplink.depths().spooled_events).toBeGreaterThan(0));
    }
    await eventually(() => expect(uplink.problems()).toEqual([expect.stringContaining('events were cut')]));
    // What is written stands for a moment beside what is then cut for it.
    await eventually(() => expect(uplink.depths().spool_bytes).toBeLessThanOrEqual(4 * MIB));
    expect(uplink.depths().spool_limit_bytes).toBe(4 * MIB);
    expect(uplink.depths().spooled_events).toBeGreaterThan(100);
    await uplink.stop();
  }, 60_000);
});
