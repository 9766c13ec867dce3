import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheFolder } from './cache-folder.ts';
import { runCommand } from './command.ts';

/** The version that the bed is built of. */
export const KUBERNETES = 'v1.35.4';
const KWOK = 'v0.8.0';
const source = fileURLToPath(new URL('kubebox/', import.meta.url));
const programs = ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kubelet', 'kubectl'];
const stages = [
  'node/fast/node-initialize.yaml',
  ...['ready', 'complete', 'delete'].map((to) => `pod/fast/pod-${to}.yaml`),
];
// The same flags every time: a build with others would compile all packages anew.
const flags = ['-buildvcs=false', '-trimpath', '-gcflags=all=-dwarf=false'];
const env = { CGO_ENABLED: '0', GOTOOLCHAIN: 'local' };

/** Builds Kubernetes and KWOK from source unless this machine has them already; answers the folder of the programs. */
export async function buildBinaries(report: (line: string) => void): Promise<string> {
  const folder = join(cacheFolder(process.env), 'kube', sourceHash());
  if (existsSync(folder)) return folder;
  const unfinished = `${folder}.${process.pid}`;
  mkdirSync(unfinished, { recursive: true });
  try {
    report('building Kubernetes from source, takes about 8 minutes the first time');
    await buildKubebox(unfinished);
    report('building KWOK from source, takes about a minute the first time');
    await runCommand('go', ['install', ...flags, '-ldflags', '-s -w', `sigs.k8s.io/kwok/cmd/kwok@${KWOK}`], {
      env: { ...env, GOBIN: unfinished },
    });
    await copyStages(unfinished);
    // Renamed when complete, so that a build that was cut off is never taken for a finished one.
    renameSync(unfinished, folder);
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
  return folder;
}

async function buildKubebox(folder: string): Promise<void> {
  const [, major = '', minor = ''] = /^v(\d+)\.(\d+)/.exec(KUBERNETES) ?? [];
  const version = ['k8s.io/component-base/version', 'k8s.io/client-go/pkg/version'].flatMap((name) => [
    `-X ${name}.gitVersion=${KUBERNETES}`,
    `-X ${name}.gitMajor=${major}`,
    `-X ${name}.gitMinor=${minor}`,
  ]);
  const args = ['build', ...flags, '-ldflags', ['-s -w', ...version].join(' '), '-o', join(folder, 'kubebox'), '.'];
  await runCommand('go', args, { cwd: source, env });
  for (const program of programs) symlinkSync('kubebox', join(folder, program));
}

/** KWOK comes without behaviour: its module carries the files that say how nodes and pods go on. */
async function copyStages(folder: string): Promise<void> {
  const module = await runCommand('go', ['mod', 'download', '-json', `sigs.k8s.io/kwok@${KWOK}`], { env });
  const { Dir } = JSON.parse(module) as { Dir: string };
  const texts = stages.map((file) => readFileSync(join(Dir, 'kustomize/stage', file), 'utf8'));
  writeFileSync(join(folder, 'stages.yaml'), texts.join('\n---\n'));
}

function sourceHash(): string {
  const hash = createHash('sha256').update(`${KUBERNETES} ${KWOK} ${flags.join(' ')}\n`);
  for (const file of ['go.mod', 'go.sum', 'main.go']) hash.update(readFileSync(join(source, file)));
  return hash.digest('hex').slice(0, 16);
}
