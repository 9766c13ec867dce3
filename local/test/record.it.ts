import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { eventually } from '@aetherius/shared/testing';
import { kubeconfig } from '@aetherius/simulator';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type SimulatedCluster, startSimulatedCluster } from '../src/simulated-cluster.ts';

const entry = fileURLToPath(new URL('../src/record.ts', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'record-live-'));
const config = join(folder, 'config');
const out = join(folder, 'a-quota.json');
const quota = ['--category', 'quota_exceeded', '--subject', 'Deployment/staging/load-generator'];
let cluster: SimulatedCluster;

beforeAll(async () => {
  cluster = await startSimulatedCluster();
  writeFileSync(config, kubeconfig(cluster.url));
  cluster.faults.find(({ name }) => name === 'quota_exceeded')?.inject();
}, 60_000);

afterAll(async () => {
  await cluster.stop();
  rmSync(folder, { recursive: true });
});

function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  return new Promise((resolve) => {
    const env = { ...process.env, TMPDIR: folder };
    execFile(
      process.execPath,
      ['--conditions=source', entry, '--kubeconfig', config, ...args],
      { env },
      (error, out, err) => resolve({ code: error === null ? 0 : Number(error.code), out, err }),
    );
  });
}

const written = (file: string) => JSON.parse(readFileSync(file, 'utf8'));

describe('npm run record on a live cluster', () => {
  it('writes what a namespace shows, with what is known about it and where it comes from', async () => {
    const { code, out: told } = await run('--namespace', 'staging', '--out', out, ...quota, '--source', 'a test');
    expect([code, told]).toEqual([0, expect.stringContaining('quota_exceeded of Deployment load-generator')]);
    expect(written(out)).toMatchObject({
      name: 'a-quota',
      source: expect.stringMatching(/^a test; Kubernetes v1\.\d+/),
      expected: {
        category: 'quota_exceeded',
        subject: { kind: 'Deployment', namespace: 'staging', name: 'load-generator' },
        evidence: [],
      },
      bundle: { subject: { kind: 'Namespace', namespace: null, name: 'staging' } },
    });
    expect(readdirSync(folder).sort()).toEqual(['a-quota.json', 'config']);
  }, 60_000);

  it('takes the answer of the rules where nobody says what is wrong, and says so', async () => {
    const file = join(folder, 'unsaid.json');
    await eventually(
      async () => {
        rmSync(file, { force: true });
        await run('--namespace', 'staging', '--out', file);
        expect(written(file).expected.category).toBe('quota_exceeded');
      },
      { within: 60_000 },
    );
    expect(written(file).source).toContain('confirmed by nobody');
  }, 90_000);

  it.each([
    [['--namespace', 'staging', '--out', out, ...quota], 'EEXIST'],
    [['--namespace', 'no-such', '--out', join(folder, 'b.json')], 'no-such'],
    [['--namespace', 'staging', '--out', join(folder, 'not', 'there.json')], 'ENOENT'],
    [['--namespace', 'staging', '--out', join(folder, 'b.json'), '--category', 'oom'], '--category without --subject'],
    [['--namespace', 'staging'], '--out FILE is missing'],
  ])(
    'refuses %j',
    async (args, words) => {
      const { code, err } = await run(...args);
      expect([code, err]).toEqual([2, expect.stringContaining(words)]);
    },
    60_000,
  );
});
