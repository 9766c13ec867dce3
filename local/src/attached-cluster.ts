import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { ClusterAccess } from './fleet.ts';
import { type Authority, chosenCluster, clusterIdOf } from './kubeconfig.ts';
import type { Options } from './options.ts';

type Asked = Pick<Options, 'context' | 'kubeconfig' | 'allowChanges'>;
type Env = Readonly<Record<string, string | undefined>>;
type Source = { file: string; flag: string; hint: string };

/** What the command line names cannot be used: said before anything is started. */
export class UnusableFlag extends Error {}

/** How the agent reaches the cluster that a person named; nothing is changed in it unless that was said, too. */
export function attachedCluster({ context, kubeconfig, allowChanges }: Asked, env: Env): ClusterAccess {
  const source = sourceOf(kubeconfig, env);
  const chosen = chosenCluster(readAs(source.file, source), context);
  if ('problem' in chosen) {
    const flag = chosen.about === 'context' && context !== undefined ? '--context' : source.flag;
    throw new UnusableFlag(`${flag}: ${source.file} ${chosen.problem}`);
  }
  const { server, ca } = chosen;
  const prometheus = env['PROMETHEUS_URL']?.trim() ?? '';
  return {
    id: clusterIdOf({ context: chosen.context, server, ca: authorityText(ca, source) }),
    name: chosen.context,
    env: {
      KUBECONFIG: source.file,
      // Named even where it is the current one: another "kubectl config use-context" must not move the agent under this id.
      KUBE_CONTEXT: chosen.context,
      ALLOW_CHANGES: allowChanges ? 'true' : 'false',
      LEADER: 'lock_file',
      ...(prometheus === '' ? {} : { PROMETHEUS_URL: prometheus }),
    },
  };
}

function sourceOf(kubeconfig: string | undefined, env: Env): Source {
  if (kubeconfig !== undefined) return { file: resolve(kubeconfig), flag: '--kubeconfig', hint: '' };
  const hint = '; choose another with --kubeconfig FILE';
  const variable = env['KUBECONFIG']?.trim() ?? '';
  if (variable !== '') return { file: resolve(variable), flag: 'KUBECONFIG', hint };
  return { file: join(env['HOME'] ?? homedir(), '.kube', 'config'), flag: '--context', hint };
}

/** By content, so that a file and its text inside a kubeconfig are the same authority; its path counts from the kubeconfig. */
function authorityText(ca: Authority, source: Source): string {
  if (ca === undefined) return '';
  return 'data' in ca ? ca.data : readAs(resolve(dirname(source.file), ca.file), source);
}

function readAs(file: string, { flag, hint }: Source): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const reason = code === 'ENOENT' ? 'there is no such file' : message;
    throw new UnusableFlag(`${flag}: ${file} cannot be read: ${reason}${hint}`);
  }
}
