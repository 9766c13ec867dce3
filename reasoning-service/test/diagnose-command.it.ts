import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Diagnosis } from '@aetherius/shared/contracts';
import { loadScenarios } from '@aetherius/simulator';
import { afterAll, describe, expect, it } from '@jest/globals';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const samples = here('samples');
const entry = here('../src/diagnose-command.ts');
const folder = mkdtempSync(join(tmpdir(), 'diagnose-command-'));
afterAll(() => rmSync(folder, { recursive: true }));

type Run = { code: number; out: string; err: string };

function run(...args: string[]): Promise<Run> {
  return new Promise((resolve) => {
    execFile(process.execPath, ['--conditions=source', entry, ...args], { maxBuffer: 1e8 }, (error, out, err) => {
      resolve({ code: error === null ? 0 : Number(error.code), out, err });
    });
  });
}

async function findings(path: string): Promise<{ all: Diagnosis[]; unread: { file: string; reason: string }[] }> {
  const { code, out, err } = await run('--bundle', path, '--json');
  if (code !== 0) throw new Error(err);
  const main = JSON.parse(out) as { further_findings: unknown[]; unread: { file: string; reason: string }[] };
  return { all: [main, ...main.further_findings].map((one) => Diagnosis.parse(one)), unread: main.unread };
}

const told = ({ category, subject }: Pick<Diagnosis, 'category' | 'subject'>) => ({ category, subject });

/**
 * What an answer of kubectl cannot show: a row of a table, that a container was killed for memory, once it waits for its next
 * start; a description, what a program said before it ended.
 */
const beyond: Readonly<Record<string, string>> = { oom_killed: 'terminal.txt', crash_loop_app_error: 'describe.txt' };

describe('each standard fault, as kubectl printed it', () => {
  const cases = loadScenarios().flatMap(({ name, expected }) =>
    ['describe.txt', 'terminal.txt']
      .filter((file) => beyond[name] !== file)
      .map((file) => ({
        name,
        file,
        expected: { ...expected.subject, namespace: expected.subject.namespace ?? null },
        category: expected.category,
      })),
  );

  it.each(cases)('$name in $file', async ({ name, file, expected, category }) => {
    const { all, unread } = await findings(join(samples, 'faults', name, file));
    expect(all.map(told)).toEqual([{ category, subject: expected }]);
    expect(unread).toEqual([]);
  });

  it('is reported under Chinese headings where asked, and in no language that there is not', async () => {
    const file = join(samples, 'faults/crash_loop_app_error/terminal.txt');
    const { code, out } = await run('--bundle', file, '--language', 'zh');
    expect(code).toBe(0);
    expect(out).toMatch(/^# 1 个故障\n\n标题为中文/);
    const refused = await run('--bundle', file, '--language', 'fr');
    expect(refused.code).not.toBe(0);
    expect(refused.err).toContain('--language is one of en, zh, not "fr"');
  }, 30_000);

  it('leaves a crash loop open whose log nobody read, and names the command that shows it', async () => {
    const { all } = await findings(join(samples, 'faults/crash_loop_app_error/describe.txt'));
    expect(all).toMatchObject([{ category: 'unknown', status: 'abstained', subject: { name: 'checkout' } }]);
    const missing = expect.stringMatching(/kubectl logs checkout-\S+ -n shop -c checkout --previous/);
    expect(all[0]?.missing_evidence).toContainEqual(missing);
  });

  it('has a sample for every scenario', () => {
    expect(readdirSync(join(samples, 'faults')).sort()).toEqual(loadScenarios().map(({ name }) => name));
  });
});

describe('a folder of whatever there is', () => {
  it('is one case, and what is not evidence is named', async () => {
    const { all, unread } = await findings(join(samples, 'mixed'));
    expect(all.map(told)).toEqual([
      { category: 'missing_env_var', subject: { kind: 'Deployment', namespace: 'shop', name: 'checkout' } },
    ]);
    expect(all[0]?.root_cause.description).toMatch(/container checkout .* PAYMENT_URL/);
    expect(unread).toEqual([{ file: 'notes.md', reason: 'is none of the forms that this command reads' }]);
  });

  it('may be given in pieces, each by its own flag', async () => {
    const pieces = ['pods', 'log'].map((name) => join(folder, `${name}.txt`));
    writeFileSync(
      pieces[0] ?? '',
      'NAMESPACE   NAME                     READY   STATUS             RESTARTS      AGE\nwood        owl-7b9d8c6f5d-qqwrt     0/1     CrashLoopBackOff   5 (10s ago)   9m\n',
    );
    writeFileSync(
      pieces[1] ?? '',
      'Traceback (most recent call last):\n  File "/srv/run.py", line 3, in <module>\nKeyError: \'LEDGER_URL\'\n',
    );
    const { code, out } = await run(...pieces.flatMap((piece) => ['--bundle', piece]), '--json');
    expect([code, JSON.parse(out).category]).toEqual([0, 'crash_loop_app_error']);
  });

  it('may hold manifests alone', async () => {
    const { all } = await findings(join(samples, 'manifests'));
    expect(all.map(told)).toEqual([
      { category: 'service_selector_mismatch', subject: { kind: 'Service', namespace: 'shop', name: 'web' } },
    ]);
  });

  it('is told as a report, too', async () => {
    const { code, out } = await run('--bundle', join(samples, 'mixed'));
    expect(code).toBe(0);
    expect(out).toContain('# One fault');
    expect(out).toContain('notes.md: is none of the forms');
  });

  it('may hold a log of ten megabytes', async () => {
    const big = join(folder, 'big');
    mkdirSync(big);
    const line = `2026-01-02T03:04:05Z INFO request served in 12 ms ${'x'.repeat(50)}\n`;
    writeFileSync(join(big, 'shop_cart-1_app.log'), line.repeat(105_000));
    const begun = performance.now();
    expect((await findings(big)).all).toHaveLength(1);
    expect(performance.now() - begun).toBeLessThan(10_000);
  });
});

describe('bad input', () => {
  const empty = join(folder, 'empty');
  mkdirSync(empty);
  writeFileSync(join(folder, 'bad.json'), '{"kind": ');
  writeFileSync(join(folder, 'bad.bin'), Buffer.from([0, 1, 2]));

  it.each<[string[], string]>([
    [[], '--bundle FILE|DIR is missing'],
    [['--bundle', join(folder, 'nowhere')], 'nowhere does not exist'],
    [['--bundle', empty], 'there is no file in'],
    [['--bundle', join(folder, 'bad.json')], 'bad.json: is broken JSON'],
    [['--bundle', join(folder, 'bad.bin')], 'bad.bin: is not text'],
    [['--surprise'], "Unknown option '--surprise'"],
  ])('%j is refused', async (args, words) => {
    const { code, out, err } = await run(...args);
    expect(code).toBe(2);
    expect(err).toContain(words);
    expect(out).toBe('');
  });

  it('is explained by --help', async () => {
    expect(await run('--help')).toMatchObject({ code: 0, err: '', out: expect.stringContaining('--all-namespaces') });
  });
});
