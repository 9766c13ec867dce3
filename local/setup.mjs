/**
 * First link of every command: `node local/setup.mjs <entry.ts> [arguments]`.
 * Runs on the system's Node without any dependency, installs what is missing, then hands over to Node 24.
 * All words go to stderr, because the entry may promise JSON on stdout.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { closeSync, existsSync, openSync, readFileSync, rmSync, statSync, unlinkSync, writeSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const OLDEST_SYSTEM_NODE = 20;
const FLEET_NODE = 24;
const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const modules = join(root, 'node_modules');

const say = (line) => process.stderr.write(`${line}\n`);
const seconds = (since) => `${Math.round((Date.now() - since) / 1000)} s`;
const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

const fail = (line) => {
  say(line);
  process.exit(1);
};

const readJson = (file) => {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
};

/** npm writes its record of what lies in node_modules last, so an interrupted installation never looks complete. */
const isInstalled = () => {
  const wanted = readJson(join(root, 'package-lock.json'))?.packages;
  const present = readJson(join(modules, '.package-lock.json'))?.packages;
  if (!wanted) fail(`package-lock.json is missing or damaged in ${root}: is this a complete checkout?`);
  if (!present) return false;
  const same = (name) =>
    present[name]?.version === wanted[name].version && present[name]?.integrity === wanted[name].integrity;
  return Object.keys(wanted).every((name) => name === '' || wanted[name].optional || same(name));
};

const isAlive = (pid) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
};

const tryLock = (file) => {
  try {
    const lock = openSync(file, 'wx');
    writeSync(lock, String(process.pid));
    closeSync(lock);
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    return false;
  }
};

const ownerOf = (file) => {
  try {
    return Number(readFileSync(file, 'utf8'));
  } catch {
    return 0;
  }
};

/** A fresh lock is empty for an instant; one that stays so was left by a start that was killed in this instant. */
const NAMELESS_MS = 5000;
const ageOf = (file) => {
  const stat = statSync(file, { throwIfNoEntry: false });
  return stat ? Date.now() - stat.mtimeMs : 0;
};

/** Outside node_modules, because `npm ci` empties that folder first. */
const lockFile = () =>
  join(tmpdir(), `aetherius-install-${createHash('sha256').update(root).digest('hex').slice(0, 12)}.lock`);

const withInstallLock = async (run) => {
  const file = lockFile();
  let told = false;
  while (!tryLock(file)) {
    const owner = ownerOf(file);
    if (owner > 0 ? !isAlive(owner) : ageOf(file) > NAMELESS_MS) rmSync(file, { force: true });
    else if (!told) {
      told = true;
      say(`Another start (pid ${owner || 'unknown'}) is installing the packages; waiting for it (${file}).`);
    }
    await sleep(200);
  }
  const release = () => existsSync(file) && ownerOf(file) === process.pid && unlinkSync(file);
  process.once('exit', release);
  try {
    return await run();
  } finally {
    release();
  }
};

/** Those of other platforms and what the checkout itself holds are not fetched. */
const fetched = () => {
  const packages = Object.entries(readJson(join(root, 'package-lock.json'))?.packages ?? {});
  return packages.filter(([name, { optional, link }]) => /(^|\/)node_modules\//.test(name) && !optional && !link);
};
const howMany = (count) => `${count} ${count === 1 ? 'package' : 'packages'}`;

/** Counted by a file of each, because npm makes all folders before it fills the first. */
const howFar = () => {
  const wanted = fetched();
  const here = wanted.filter(([name]) => existsSync(join(root, name, 'package.json')));
  return `${here.length} of ${howMany(wanted.length)} here${here.length === wanted.length ? ', setting them up' : ''}`;
};

/** A line that the next one takes the place of, where a person watches; elsewhere a line now and then. */
const live = process.stderr.isTTY;
const FIRST_BEATS = 2;
const showBeat = (count, line) => {
  if (live) process.stderr.write(`\r\x1b[K${line}`);
  else if (count <= FIRST_BEATS || count % 5 === 0) say(line);
};

/** Runs a command with a sign of life every second; what it says is kept for the case that it fails. */
const runVisibly = (command, args, cwd) =>
  new Promise((done) => {
    const begun = Date.now();
    const child = spawn(command, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    const hear = (chunk) => {
      said = `${said}${chunk}`.slice(-20_000);
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    const forward = (signal) => child.kill(signal);
    process.on('SIGINT', forward).on('SIGTERM', forward);
    let beats = 0;
    const beat = setInterval(() => showBeat(++beats, `  … ${seconds(begun)}, ${howFar()}`), 1000);
    const end = (outcome) => {
      clearInterval(beat);
      if (live && beats > 0) say('');
      process.off('SIGINT', forward).off('SIGTERM', forward);
      done(outcome);
    };
    child.once('error', (error) => end({ ok: false, why: error.message, said }));
    child.once('close', (code, signal) => end({ ok: code === 0, why: signal ?? `exit code ${code}`, signal, said }));
  });

const npm = (...args) => runVisibly('npm', [...args, '--no-audit', '--no-fund', '--loglevel=error'], root);

/** A registry that lacks packages of other platforms makes `npm ci` refuse a lock file written there. */
const fetchPackages = async () => {
  const strict = await npm('ci');
  if (strict.ok || strict.signal) return strict;
  say('"npm ci" refused; trying "npm install" with the versions of the lock file …');
  return npm('install', '--no-save');
};

const install = () =>
  withInstallLock(async () => {
    if (isInstalled()) return;
    const begun = Date.now();
    const why = existsSync(modules) ? 'The packages are out of date' : 'First start';
    say(`${why}: fetching ${howMany(fetched().length)} with "npm ci", once; usually one to two minutes …`);
    const outcome = await fetchPackages();
    if (outcome.signal) fail('Installation interrupted; the next start begins it again.');
    if (!outcome.ok)
      fail(
        `${outcome.said}The packages could not be installed (${outcome.why}). This needs npm on PATH and a package registry; ` +
          `run "npm ci" in ${root} to try by hand.`,
      );
    say(`Packages installed in ${seconds(begun)}.`);
  });

const majorOf = (binary) => {
  const answer = spawnSync(binary, ['--version'], { encoding: 'utf8' });
  return answer.status === 0 ? Number(/^v(\d+)\./.exec(answer.stdout)?.[1]) : 0;
};

const nodePackages = [
  'node',
  `node-${process.platform}-${process.arch}`,
  `node-bin-${process.platform}-${process.arch}`,
];
const nodePlaces = () =>
  [modules, join(modules, 'node', 'node_modules')].flatMap((folder) =>
    nodePackages.map((name) => join(folder, name, 'bin', 'node')),
  );

const findFleetNode = () =>
  [...nodePlaces().filter((binary) => existsSync(binary)), process.execPath].find(
    (binary) => majorOf(binary) >= FLEET_NODE,
  );

/** The package `node` fetches its binary in an install script, which npm settings may forbid; then it is run here. */
const fleetNode = async () => {
  const found = findFleetNode();
  if (found) return found;
  say(`Node ${FLEET_NODE} did not come with the packages (install scripts are off?): fetching it …`);
  await withInstallLock(
    () => findFleetNode() ?? runVisibly('node', ['installArchSpecificPackage.js'], join(modules, 'node')),
  );
  return (
    findFleetNode() ??
    fail(
      `Node ${FLEET_NODE} could not be fetched for ${process.platform}-${process.arch}. ` +
        `Install Node ${FLEET_NODE} (https://nodejs.org) and start again with it on PATH.`,
    )
  );
};

const PARENT_CHECK_MS = 500;

/**
 * npm passes on some signals and dies of the others, and a shell between the two dies of some and keeps the others to itself:
 * the fleet would go on without anyone to end it. So it ends when what started it is gone, and `npm start` puts itself in the
 * shell's place. Started by hand, without npm, it may outlive its shell.
 */
const endWithParent = (child) => {
  if (!process.env.npm_lifecycle_event) return;
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    child.kill('SIGTERM');
  }, PARENT_CHECK_MS);
  child.once('exit', () => clearInterval(watch));
};

const handOver = (node, args) => {
  const path = [dirname(node), join(modules, '.bin'), process.env.PATH].filter(Boolean).join(delimiter);
  const child = spawn(node, ['--conditions=source', ...args], {
    stdio: 'inherit',
    // Compiled once for all later commands and the services that they start: half of what a short command costs.
    env: { NODE_COMPILE_CACHE: join(modules, '.cache', 'compile'), ...process.env, PATH: path },
  });
  // A terminal sends Ctrl-C to the child as well; passing it on would look like a second, impatient one.
  process.on('SIGINT', () => process.stdin.isTTY || child.kill('SIGINT'));
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  process.on('SIGHUP', () => child.kill('SIGHUP'));
  endWithParent(child);
  child.once('error', (error) => fail(`${node} cannot be started: ${error.message}`));
  child.once('exit', (code, signal) => process.exit(signal ? 128 + constants.signals[signal] : (code ?? 1)));
};

const main = async () => {
  const major = Number(process.versions.node.split('.')[0]);
  if (major < OLDEST_SYSTEM_NODE)
    fail(
      `Aetherius needs Node ${OLDEST_SYSTEM_NODE} or newer to start; this is ${process.version}. See https://nodejs.org.`,
    );
  if (process.platform === 'win32') fail('Aetherius runs on Linux and macOS; on Windows start it inside WSL.');
  const [entry, ...args] = process.argv.slice(2);
  if (!entry) fail('usage: node local/setup.mjs <entry.ts> [arguments]');
  if (!existsSync(resolve(entry))) fail(`${entry} does not exist (looked in ${process.cwd()}).`);
  if (!isInstalled()) await install();
  handOver(await fleetNode(), [resolve(entry), ...args]);
};

await main().catch((error) => fail(`Set-up did not succeed: ${error.message}`));
