import { execFile } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeUnless } from '@aetherius/shared/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runCommand } from '../cluster/command.ts';
import { combinations } from '../src/charts/combinations.ts';
import { builtHelm, type Installation, render } from '../src/charts/helm.ts';
import { packCharts, pushCharts, signAll } from '../src/releases/carry-out.ts';
import { charts, planOf } from '../src/releases/plan.ts';
import { prepareCharts } from '../src/releases/prepare-charts.ts';
import { root } from '../src/run.ts';
import { type OciRegistry, startOciRegistry } from './oci-registry.ts';

const helm = builtHelm();
const folder = mkdtempSync(join(tmpdir(), 'aetherius-release-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describeUnless(helm === undefined ? 'no Helm yet, npm run verify builds it' : undefined)('released charts', () => {
  let registry: OciRegistry;
  const version = '7.8.9';
  beforeAll(async () => {
    registry = await startOciRegistry();
  });
  afterAll(() => registry.stop());

  it('come out of a registry as they went in, with the images of the release in them', async () => {
    const place = `${registry.host}/team`;
    const release = { registry: place, version, plainHttp: true, dryRun: false };
    const plan = planOf(release, { buildArguments: {}, folder });
    const tools = { helm: helm ?? '', folder, report: () => undefined };
    prepareCharts(folder, place);
    await packCharts(plan, tools);
    expect(registry.has(`team/charts/aetherius/manifests/${version}`)).toBe(false);
    const pushed = await pushCharts(plan, tools);
    expect(pushed.map(({ reference }) => reference)).toEqual(charts.map((chart) => `${place}/charts/${chart}`));
    for (const { reference, digest } of pushed)
      expect(registry.has(`${reference.slice(registry.host.length + 1)}/manifests/${digest}`)).toBe(true);

    for (const chart of charts) {
      const pulled = join(folder, 'pulled');
      const from = [`oci://${place}/charts/${chart}`, '--version', version, '--plain-http'];
      await runCommand(helm ?? '', ['pull', ...from, '--destination', pulled, '--untar']).catch(async () => {
        throw new Error(`could not pull ${chart}`);
      });
      const installation = Object.values(combinations).find((one) => one.chart === chart) ?? { chart };
      const rendered = (one: Installation) => render(helm ?? '', one);
      const released = await rendered({ ...installation, folder: join(pulled, chart) });
      expect(released).toContain(`${registry.host}/team/`);
      expect(released).not.toContain('ghcr.io');
      // Version and place apart it is the chart of the repository, line for line.
      const here = await rendered(installation);
      expect(released.replaceAll(version, '0.1.0').replaceAll(`${place}/`, 'ghcr.io/aetherius/')).toBe(here);
    }
  }, 120_000);

  it('are not said to be pushed where the registry does not take them', async () => {
    const release = { registry: '127.0.0.1:9/team', version, plainHttp: true, dryRun: false };
    const plan = planOf(release, { buildArguments: {}, folder });
    const lines: string[] = [];
    const pushing = pushCharts(plan, { helm: helm ?? '', folder, report: (line) => lines.push(line) });
    await expect(pushing).rejects.toThrow(/connection refused|connect:/);
    expect(lines).toEqual([]);
  }, 60_000);
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
  const programs = (name: string, bodies: Record<string, string>): string => {
    const path = mkdtempSync(join(folder, `${name}-`));
    for (const [program, body] of Object.entries(bodies)) {
      writeFileSync(join(path, program), `#!/bin/sh\n${body}\n`);
      chmodSync(join(path, program), 0o755);
    }
    return path;
  };
  const without = () => programs('without', { docker: 'exit 1', cosign: 'exit 127' });
  const wanted = ['--registry', '127.0.0.1:9/team', '--version', '1.2.3'];

  it('prints its plan and what is missing, and does nothing', async () => {
    const { code, out } = await release([...wanted, '--dry-run'], without());
    expect(code).toBe(0);
    expect(out).toContain('helm push');
    expect(out).toContain('--platform linux/amd64,linux/arm64 --provenance mode=max --sbom true');
    expect(out).toMatch(/--build-arg REVISION=[0-9a-f]{40}/);
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
      { buildArguments: {}, folder },
    );
    const lines: string[] = [];
    const signing = signAll(plan, [{ reference: '127.0.0.1:9/team/a', digest: `sha256:${'0'.repeat(64)}` }], (line) =>
      lines.push(line),
    );
    await expect(signing).rejects.toThrow();
    expect(lines).toEqual([]);
  }, 60_000);
});
