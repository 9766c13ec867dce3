import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  clearHomes,
  homeHolder,
  lockHome,
  processIdentity,
  reapAbandoned,
  reapLeftovers,
  startProgram,
} from '../src/process.ts';

const sleeper = (folder: string, script = 'setInterval(() => {}, 1000)') => ({
  name: 'sleeper',
  command: process.execPath,
  args: ['-e', script],
  logFile: join(folder, 'sleeper.log'),
  runFolder: folder,
});
const isUp = async () => true;

describe('programs that we start', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'aetherius-processes-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('are ended by stop, which leaves no pid file', async () => {
    const program = await startProgram(sleeper(folder), isUp);
    expect(existsSync(join(folder, 'sleeper.pid'))).toBe(true);
    await program.stop();
    expect(processIdentity(program.pid)).toBeUndefined();
    expect(existsSync(join(folder, 'sleeper.pid'))).toBe(false);
  });

  it('that end at once are an error with their last words', async () => {
    const failing = sleeper(folder, 'console.error("no such port"); process.exit(3)');
    await expect(startProgram(failing, async () => false)).rejects.toThrow(/sleeper.*no such port/);
  });

  it('that do not exist are an error', async () => {
    await expect(startProgram({ ...sleeper(folder), command: '/no/such/program' }, async () => false)).rejects.toThrow(
      /sleeper/,
    );
  });

  it('are ended at the next start when the first was killed', async () => {
    const program = await startProgram(sleeper(folder), isUp);
    expect(await reapLeftovers(folder)).toEqual(['sleeper']);
    await program.exited;
    expect(await reapLeftovers(folder)).toEqual([]);
  });

  it('are ended in a place that somebody else left, and never in one that is in use', async () => {
    const program = await startProgram(sleeper(folder), isUp);
    const lock = lockHome(folder);
    expect(await reapAbandoned(folder)).toEqual([]);
    lock.release();
    expect(await reapAbandoned(folder)).toEqual(['sleeper']);
    await program.exited;
    expect(homeHolder(folder)).toBeUndefined();
    expect(await reapAbandoned(join(folder, 'never-used'))).toEqual([]);
  });

  it('are told from a stranger who got the same number', async () => {
    const stranger = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
    const pid = stranger.pid ?? 0;
    writeFileSync(
      join(folder, 'sleeper.pid'),
      JSON.stringify({ pid, identity: 'an earlier life', stop_signal: 'SIGTERM' }),
    );
    expect(await reapLeftovers(folder)).toEqual([]);
    expect(processIdentity(pid)).toBeDefined();
    stranger.kill('SIGKILL');
  });
});

describe('the lock of a home folder', () => {
  it('names the holder to a second start, and outlives no holder', () => {
    const folder = mkdtempSync(join(tmpdir(), 'aetherius-lock-'));
    const lock = lockHome(folder);
    expect(() => lockHome(folder)).toThrow(new RegExp(`uses ${tmpdir()} .pid ${process.pid}.*AETHERIUS_HOME`));
    const file = join(folder, 'launcher.lock');
    writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, 'utf8')), identity: 'an earlier life' }));
    expect(homeHolder(folder)).toBeUndefined();
    lockHome(folder).release();
    lock.release();
    rmSync(folder, { recursive: true, force: true });
  });
});

describe('clearing the places of a home folder', () => {
  const place = (folder: string, name: string) => {
    const data = join(folder, name);
    const run = join(data, 'run');
    mkdirSync(run, { recursive: true });
    return { data, run };
  };

  it('removes nothing at all while one of them is in use, and everything afterwards', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'aetherius-places-'));
    const [data, demo] = [place(folder, 'data'), place(folder, 'demo')];
    const lock = lockHome(demo.run);
    await expect(clearHomes([data, demo])).rejects.toThrow(
      new RegExp(`uses ${demo.data} .pid ${process.pid}.*nothing was removed.*AETHERIUS_HOME`),
    );
    expect([data.data, demo.data].map((path) => existsSync(path))).toEqual([true, true]);
    lock.release();
    expect((await clearHomes([data, demo])).removed).toEqual([data.data, demo.data]);
    expect([data.data, demo.data].map((path) => existsSync(path))).toEqual([false, false]);
    rmSync(folder, { recursive: true, force: true });
  });
});
