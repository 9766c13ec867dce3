import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeUnless } from '@aetherius/shared/testing';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { identityOf, runningIn, startProgram, stopPrograms, writePid } from './processes.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'aetherius-processes-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
  rmSync(`${folder}.log`, { force: true });
});

const program = (args: string[]) => ({
  name: 'sleeper',
  command: 'sh',
  args,
  logFile: `${folder}.log`,
  runFolder: folder,
});

const onLinux = describeUnless(process.platform === 'linux' ? undefined : 'what is tested reads /proc');

onLinux('programs', () => {
  it('are found again by their pid file and stopped', async () => {
    await startProgram(program(['-c', 'sleep 60']), async () => true);
    const pid = runningIn(join(folder, 'sleeper.pid'));
    expect(pid).toBeGreaterThan(0);
    await stopPrograms(folder);
    expect(identityOf(pid ?? 0)).toBeUndefined();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('that end before they are ready are an error with their last words', async () => {
    const start = startProgram(program(['-c', 'echo no such flag; exit 1']), async () => false);
    await expect(start).rejects.toMatchObject({ details: { part: 'sleeper', reason: 'it ended: no such flag' } });
  });

  it('are left alone when another process has got their number', async () => {
    writeFileSync(join(folder, 'other.pid'), `${process.pid} ${'0'.repeat(8)} 1`);
    expect(runningIn(join(folder, 'other.pid'))).toBeUndefined();
    await stopPrograms(folder);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('are told by the process that wrote itself down', () => {
    writePid(join(folder, 'me.pid'), process.pid);
    expect(runningIn(join(folder, 'me.pid'))).toBe(process.pid);
  });
});
