import { execFile } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeUnless } from '@aetherius/shared/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runCommand } from '../cluster/command.ts';
import { combinations } from '../src/charts/combinations.ts';
import { builtHelm, type Installation, render } from '../src/charts/helm.ts';
import { carryOutRelease, packCharts, pushCharts, signAll } from '../src/releases/carry-out.ts';
import { charts, planOf } from '../src/releases/plan.ts';
import { prepareCharts } from '../src/releases/prepare-charts.ts';
import { root } from '../src/run.ts';
import { type OciRegistry, startOciRegistry } from './oci-registry.ts';

const helm = builtHelm();
const folder = mkdtempSync(join(tmpdir(), 'aetherius-release-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A folder of programs that stand for what this machine may not have. */
const programs = (name: string, bodies: Record<string, string>): string => {
  const path = mkdtempSync(join(folder, `${name}-`));
  for (const [program, body] of Object.entries(bodies)) {
    writeFileSync(join(path, program), `#!/bin/sh\n${body}\n`);
    chmodSync(join(path, program), 0o755);
  }
  return path;
};

const withHelm = describeUnless(helm === undefined ? 'no Helm yet, npm run verify builds it' : undefined);
withHelm('released charts', () => {
  let registry: OciRegistry;
  const version = '7.8.9';
  const { version: ownVersion } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  beforeAll(async () => {
    registry = await startOciRegistry();
  });
  afterAll(() => registry.stop());

  const installationOf = (chart: (typeof charts)[number]): Installation =>
    Object.values(combinations).find((one) => one.chart === chart) ?? { chart };
  const ofTheRepository = (chart: (typeof charts)[number]) => render(helm ?? '', installationOf(chart));
  /** What is rendered of a chart from the registry, with version and place as the repository has them. */
  async function pulledAgain(chart: (typeof charts)[number], place: string): Promise<string> {
    const pulled = join(folder, 'pulled');
    const from = [`oci://${place}/charts/${chart}`, '--version', version, '--plain-http'];
    await runCommand(helm ?? '', ['pull', ...from, '--destination', pulled, '--untar']);
    const released = await render(helm ?? '', { ...installationOf(chart), folder: join(pulled, chart) });
    expect(released).toContain(`${place}/`);
    expect(released).not.toContain('ghcr.io');
    return released.replaceAll(version, ownVersion).replaceAll(`${place}/`, 'ghcr.io/aetherius/');
  }

  it('come out of a registry as they went in, with the images of the release in them', async () => {
    const place = `${registry.host}/team`;
    const release = { registry: place, version, plainHttp: true, dryRun: false };
    const plan = planOf(release, { buildFlags: [], folder });
    const tools = { helm: helm ?? '', folder, report: () => undefined };
    prepareCharts(folder, place);
    await packCharts(plan, tools);
    expect(registry.has(`team/charts/aetherius/manifests/${version}`)).toBe(false);
    const pushed = await pushCharts(plan, tools);
    expect(pushed.map(({ reference }) => reference)).toEqual(charts.map((chart) => `${place}/charts/${chart}`));
    for (const { reference, digest } of pushed)
      expect(registry.has(`${reference.slice(registry.host.length + 1)}/manifests/${digest}`)).toBe(true);

    for (const chart of charts) expect(await pulledAgain(chart, place)).toEqual(await ofTheRepository(chart));
  }, 120_000);

  it('are not said to be pushed where the registry does not take them', async () => {
    const release = { registry: '127.0.0.1:9/team', version, plainHttp: true, dryRun: false };
    const plan = planOf(release, { buildFlags: [], folder });
    const lines: string[] = [];
    const pushing = pushCharts(plan, { helm: helm ?? '', folder, report: (line) => lines.push(line) });
    await expect(pushing).rejects.toThrow(/connection refused|connect:/);
    expect(lines).toEqual([]);
  }, 60_000);
});

/** Carries a whole release out with these programs on the path before all others. */
async function withPrograms(path: string, work: () => Promise<void>): Promise<void> {
  const before = process.env['PATH'];
  process.env['PATH'] = `${path}:${before}`;
  try {
    await work();
  } finally {
    process.env['PATH'] = before;
  }
}

withHelm('a whole release', () => {
  let registry: OciRegistry;
  beforeAll(async () => {
    registry = await startOciRegistry();
  });
  afterAll(() => registry.stop());

  it('is signed once all of it is pushed, each part by the digest that its own tool told', async () => {
    const log = join(folder, 'calls');
    const digest = `sha256:${'b'.repeat(64)}`;
    const path = programs('all', {
      docker: `echo "docker $*" >> ${log}
while [ "$1" != --metadata-file ]; do shift; done
echo '{"containerimage.digest":"${digest}"}' > "$2"`,
      cosign: `echo "cosign $*" >> ${log}`,
    });
    const place = `${registry.host}/whole`;
    const plan = planOf(
      { registry: place, version: '1.2.3', plainHttp: true, dryRun: false },
      { buildFlags: [], folder },
    );
    prepareCharts(folder, place);
    await withPrograms(path, () => carryOutRelease(plan, { helm: helm ?? '', folder, report: () => undefined }));
    const calls = readFileSync(log, 'utf8').trim().split('\n');
    const signed = calls.slice(4).map((call) => call.split(' ').at(-1) ?? '');
    expect(calls.map((call) => call.split(' ')[0])).toEqual([...Array(4).fill('docker'), ...Array(6).fill('cosign')]);
    expect(signed.slice(0, 4)).toEqual(plan.images.map(({ reference }) => `${reference}@${digest}`));
    for (const [at, { reference }] of plan.charts.entries()) {
      const [name, found] = (signed[4 + at] ?? '').split('@');
      expect(name).toBe(reference);
      expect(registry.has(`${reference.slice(registry.host.length + 1)}/manifests/${found}`)).toBe(true);
    }
  }, 120_000);
});

type Ended = { code: number; out: string; err: string };
/** The command with these programs alone on its path, besides those that it is itself made of. */
const release = (args: readonly string[], path: string): Promise<Ended> =>
  new Promise((resolve) => {
    const command = [
      '--conditions=source',
      '--disable-warning=ExperimentalWarning',
      'e2e/src/releases/main.ts',
      ...args,
    ];
    const env = { ...process.env, PATH: `${path}:${process.env['PATH'] ?? ''}` };
    execFile(process.execPath, command, { cwd: root, env }, (error, out, err) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, err }),
    );
  });

describe('npm run release', () => {
  const without = () => programs('without', { docker: 'exit 1', cosign: 'exit 127' });
  const wanted = ['--registry', '127.0.0.1:9/team', '--version', '1.2.3'];

  it('prints its plan and what is missing, and does nothing', async () => {
    const { code, out } = await release([...wanted, '--dry-run'], without());
    expect(code).toBe(0);
    expect(out).toContain('helm push');
    expect(out).toContain('--platform linux/amd64,linux/arm64 --provenance mode=max --sbom true');
    expect(out).toMatch(
      /--label org\.opencontainers\.image\.revision=[0-9a-f]{40} --label org\.opencontainers\.image\.created=2/,
    );
    expect(out).toContain("cosign sign --yes --recursive '127.0.0.1:9/team/agent-manager@");
    expect(out).toContain('missing here: docker buildx');
  }, 60_000);

  it('names each missing tool with the way out before anything is pushed', async () => {
    const { code, err } = await release(wanted, without());
    expect(code).toBe(1);
    expect(err).toMatch(/missing: docker buildx.*docker-buildx-plugin/);
    expect(err).toMatch(/missing: cosign.*https:/);
    expect(err).toContain('Nothing was pushed.');
  }, 60_000);

  it('asks who signs, and for a key that is there and opens', async () => {
    const path = programs('key', { docker: 'echo linux/amd64 linux/arm64', cosign: '[ "$1" = version ]' });
    const env = await release(wanted, path);
    expect([env.code, env.err]).toEqual([1, expect.stringMatching(/missing: who signs: --key KEY/)]);
    const absent = await release([...wanted, '--key', join(folder, 'no.key')], path);
    expect([absent.code, absent.err]).toEqual([1, expect.stringMatching(/missing: the key .*generate-key-pair/)]);
    writeFileSync(join(folder, 'a.key'), 'sealed');
    const sealed = await release([...wanted, '--key', join(folder, 'a.key')], path);
    expect([sealed.code, sealed.err]).toEqual([1, expect.stringMatching(/COSIGN_PASSWORD/)]);
  }, 60_000);

  it('says what is wrong with a flag', async () => {
    const { code, err } = await release(['--registry', 'ghcr.io/aetherius', '--version', 'v1'], without());
    expect([code, err]).toEqual([2, expect.stringMatching(/^--version v1: .*\nusage: npm run release/)]);
  }, 60_000);
});

describe('signing', () => {
  it('does not count as done where cosign fails', async () => {
    const plan = planOf(
      { registry: '127.0.0.1:9/team', version: '1.2.3', plainHttp: true, dryRun: false },
      { buildFlags: [], folder },
    );
    const lines: string[] = [];
    const signing = signAll(plan, [{ reference: '127.0.0.1:9/team/a', digest: `sha256:${'0'.repeat(64)}` }], (line) =>
      lines.push(line),
    );
    await expect(signing).rejects.toThrow();
    expect(lines).toEqual([]);
  }, 60_000);
});
