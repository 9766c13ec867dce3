/**
 * Puts together what one image holds: `node pack.mjs WORKSPACE FOLDER`, at the top of a built checkout.
 * The workspace and those of ours that it stands on, each with the files that its package.json lists, their production
 * dependencies by the lock file, and nothing else. Every time stamp is the given one, so the same source gives the same layer.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, lutimesSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { env } from 'node:process';

const [workspace, out] = process.argv.slice(2);
if (workspace === undefined || out === undefined) throw new Error('usage: node pack.mjs WORKSPACE FOLDER');
const stamp = Number(env.SOURCE_DATE_EPOCH ?? 0);
const app = join(out, 'app');
const manifest = (folder) => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
const { workspaces } = manifest('.');

const isOurs = (name) => name.startsWith('@aetherius/');
const standingOn = (folder) => {
  const below = Object.keys(manifest(folder).dependencies ?? {}).filter(isOurs);
  return [...new Set([folder, ...below.flatMap((name) => standingOn(name.slice('@aetherius/'.length)))])];
};

const copy = (path) => {
  mkdirSync(dirname(join(app, path)), { recursive: true });
  cpSync(path, join(app, path), { recursive: true });
};

const everything = (folder) =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? [...everything(path), path] : [path];
  });

/** Types, source maps and the words of other people's packages are of no use to a running service; our own words are data. */
const isBallast = (path) =>
  /\.(d\.[cm]?ts|map)$/.test(path) ||
  /\/\.package-lock\.json$/.test(path) ||
  /\/node_modules\/.*\.(md|markdown)$/.test(path);

rmSync(out, { recursive: true, force: true });
for (const folder of workspaces) copy(join(folder, 'package.json'));
for (const file of ['package.json', 'package-lock.json']) copy(file);
const parts = standingOn(workspace);
// Optional packages are binaries for a developer's machine, such as a whole Postgres.
const flags = ['--omit=dev', '--omit=optional', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline'];
const wanted = parts.flatMap((part) => ['--workspace', part]);
execFileSync('npm', ['ci', ...flags, ...wanted], { cwd: app, stdio: 'inherit' });

for (const folder of workspaces.filter((name) => !parts.includes(name))) {
  rmSync(join(app, folder), { recursive: true });
  rmSync(join(app, 'node_modules/@aetherius', folder), { force: true });
}
for (const part of parts) for (const file of manifest(part).files ?? []) copy(join(part, file));
copy('LICENSE');
cpSync('deployments/docker/health.mjs', join(app, 'health.mjs'));
rmSync(join(app, 'package-lock.json'));
rmSync(join(app, 'node_modules/.bin'), { recursive: true, force: true });
for (const path of everything(out)) {
  if (isBallast(path)) rmSync(path);
  else if (existsSync(path)) lutimesSync(path, stamp, stamp);
}
lutimesSync(app, stamp, stamp);
