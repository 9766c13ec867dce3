import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { errors } from '@aetherius/shared/errors';
import { cacheFolder } from '../../cluster/cache-folder.ts';
import { runCommand, succeeds } from '../../cluster/command.ts';
import { root } from '../run.ts';
import { charts } from './chart-documents.ts';

const HELM = 'v3.22.0';
/** A Helm built from its module does not know which Kubernetes it is for. */
const KUBERNETES = 'v1.35.4';
const flags = ['-buildvcs=false', '-trimpath', '-ldflags', '-s -w'];

const folder = (): string => join(cacheFolder(process.env), 'helm', HELM);

/** The pinned Helm, where this machine has it already. */
export function builtHelm(): string | undefined {
  const file = join(folder(), 'helm');
  return existsSync(file) ? file : undefined;
}

/** The pinned Helm, built from its Go module unless it is there; undefined where Go is missing. */
export async function openHelm(report: (line: string) => void): Promise<string | undefined> {
  const built = builtHelm();
  if (built !== undefined) return built;
  if (!(await succeeds('go', ['version']))) return undefined;
  report(`building Helm ${HELM} from source, takes about three minutes the first time`);
  const unfinished = `${folder()}.${process.pid}`;
  mkdirSync(unfinished, { recursive: true });
  try {
    const env = { GOBIN: unfinished, CGO_ENABLED: '0', GOTOOLCHAIN: 'local' };
    await runCommand('go', ['install', ...flags, `helm.sh/helm/v3/cmd/helm@${HELM}`], { env });
    // Renamed when complete, so that a build that was cut off is never taken for a finished one.
    renameSync(unfinished, folder());
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
  return join(folder(), 'helm');
}

/** One way to install a chart. */
export type Installation = {
  chart: 'aetherius' | 'aetherius-agent';
  release?: string;
  namespace?: string;
  values?: object;
  /** The folder of the chart, or the packed chart, where it is not the one of this repository. */
  folder?: string | undefined;
  /** Further words for `helm template`. */
  args?: readonly string[];
};

/** What Helm makes of an installation, as YAML; whatever it complains of is an error, a warning too. */
export function render(helm: string, installation: Installation): Promise<string> {
  const { chart, release, namespace, values, folder: packed, args } = installation;
  const place = ['--kube-version', KUBERNETES, '--namespace', namespace ?? chart, '--values', '-'];
  const words = ['template', release ?? chart, packed ?? join(root, charts, chart), ...place, ...(args ?? [])];
  return runCommand(helm, words, { input: JSON.stringify(values ?? {}) });
}

/** Throws with what `helm lint --strict` says against a chart. */
export async function lint(helm: string, { chart, values }: Installation): Promise<void> {
  const words = [
    'lint',
    '--strict',
    '--quiet',
    '--kube-version',
    KUBERNETES,
    join(root, charts, chart),
    '--values',
    '-',
  ];
  const said = await runCommand(helm, words, { input: JSON.stringify(values ?? {}) });
  if (/WARNING|ERROR/.test(said)) throw errors.invalid_input({ chart, helm: said });
}

/** Installs a release in a cluster, or upgrades it. */
export async function install(helm: string, installation: Installation, kubeconfig: string): Promise<void> {
  const { chart, release, namespace, values } = installation;
  const place = ['--namespace', namespace ?? chart, '--kubeconfig', kubeconfig, '--values', '-'];
  const words = ['upgrade', '--install', release ?? chart, join(root, charts, chart), ...place];
  await runCommand(helm, words, { input: JSON.stringify(values ?? {}) });
}
