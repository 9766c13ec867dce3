import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { eventually } from '@aetherius/shared/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

describe('the set-up before every command', () => {
  let root: string;
  let lock: string;

  /** A checkout whose one package is missing, and an npm that "installs" it. */
  beforeEach(() => {
    root = realpathSync(mkdtempSync(join(tmpdir(), 'aetherius-setup-')));
    for (const folder of ['local', 'bin', 'tmp']) mkdirSync(join(root, folder));
    copyFileSync('local/setup.mjs', join(root, 'local/setup.mjs'));
    const packages = { '': {}, 'node_modules/x': { version: '1.0.0' } };
    writeFileSync(join(root, 'package-lock.json'), JSON.stringify({ packages }));
    writeFileSync(join(root, 'entry.ts'), 'console.log("ran")');
    const npm = join(root, 'bin/npm');
    writeFileSync(npm, '#!/bin/sh\nmkdir -p node_modules && cp package-lock.json node_modules/.package-lock.json\n');
    chmodSync(npm, 0o755);
    const hash = createHash('sha256').update(root).digest('hex').slice(0, 12);
    lock = join(root, 'tmp', `aetherius-install-${hash}.lock`);
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  const setUp = async (withinMs: number): Promise<string> => {
    const child = spawn(process.execPath, ['local/setup.mjs', 'entry.ts'], {
      cwd: root,
      env: {
        PATH: [join(root, 'bin'), dirname(process.execPath), '/usr/bin', '/bin'].join(delimiter),
        TMPDIR: join(root, 'tmp'),
      },
    });
    let said = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => {
        said += chunk.toString();
      });
    const killer = setTimeout(() => child.kill('SIGKILL'), withinMs);
    await new Promise((resolve) => child.once('close', resolve));
    clearTimeout(killer);
    return said;
  };

  it('installs what is missing and leaves no lock', async () => {
    expect(await setUp(20_000)).toMatch(/Packages installed.*\nran/);
    expect(existsSync(lock)).toBe(false);
  });

  it('says at once what it does and how long that takes, and shows from the first second on that it lives', async () => {
    writeFileSync(
      join(root, 'bin/npm'),
      '#!/bin/sh\nmkdir -p node_modules/x && echo {} >node_modules/x/package.json && exec sleep 2\n',
    );
    const said = await setUp(20_000);
    expect(said).toMatch(/^First start: fetching 1 package with "npm ci", once; usually one to two minutes/);
    expect(said).toMatch(/\n {2}… 1 s, 1 of 1 package here, setting them up\n/);
  });

  it('replaces a lock whose owner was killed before it wrote its number', async () => {
    writeFileSync(lock, '');
    const tenSecondsAgo = Date.now() / 1000 - 10;
    utimesSync(lock, tenSecondsAgo, tenSecondsAgo);
    expect(await setUp(20_000)).toMatch(/Packages installed.*\nran/);
  });

  it('waits for a lock that is in use', async () => {
    writeFileSync(lock, String(process.pid));
    const said = await setUp(1_500);
    expect(said).toContain(`pid ${process.pid}`);
    expect(said).not.toContain('ran');
  });

  it.each([
    ['SIGTERM', ['nohup', 'nice', 'npm', 'start']],
    ['SIGTERM', ['npm', 'start']],
    ['SIGINT', ['npm', 'start']],
    ['SIGHUP', ['npm', 'start']],
    ['SIGKILL', ['npm', 'start']],
  ] as const)(
    'ends what npm started when %s is sent to %j',
    async (signal, [program, ...args]) => {
      const log = join(root, 'log');
      writeFileSync(
        join(root, 'entry.ts'),
        `import { appendFileSync } from 'node:fs';
const say = (word: string) => appendFileSync(${JSON.stringify(log)}, word + ' ');
for (const name of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(name, () => { say('ended'); process.exit(0); });
say('up');
setTimeout(() => say('forgotten'), 20_000);
`,
      );
      const { scripts } = JSON.parse(readFileSync('package.json', 'utf8'));
      const start = String(scripts.start).replace('local/src/main.ts', 'entry.ts');
      writeFileSync(join(root, 'package.json'), JSON.stringify({ scripts: { start } }));
      mkdirSync(join(root, 'node_modules'));
      copyFileSync(join(root, 'package-lock.json'), join(root, 'node_modules/.package-lock.json'));
      const said = () => (existsSync(log) ? readFileSync(log, 'utf8') : '');
      const started = spawn(program, args, { cwd: root, stdio: 'ignore' });
      await eventually(() => expect(said()).toBe('up '), { within: 60_000 });
      started.kill(signal);
      await eventually(() => expect(said()).toBe('up ended '));
    },
    90_000,
  );
});
