import { parseArgs } from 'node:util';

export type Options = {
  output: string;
  namespace: string | undefined;
  kubeconfig: string | undefined;
  context: string | undefined;
  help: boolean;
};

export const usage = `usage: snapshot --output FILE (--namespace NAME | --all-namespaces) [--kubeconfig FILE] [--context NAME]

Reads a cluster once and writes what it saw as one bundle. Nothing is written in the cluster and Secrets are never read.

  --output FILE      where the bundle goes; the file is for its owner's eyes only
  --namespace NAME   one namespace, the nodes and what else it stands on
  --all-namespaces   the whole cluster
  --kubeconfig FILE  the kubeconfig, instead of the usual one (KUBECONFIG, ~/.kube/config)
  --context NAME     its context, instead of the current one
  --help             this text
`;

const name = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/** The words of the command line, or the one sentence that says what is wrong with them. */
export function readOptions(args: readonly string[]): { options: Options } | { problem: string } {
  try {
    const text = { type: 'string' } as const;
    const flag = { type: 'boolean', default: false } as const;
    const { values } = parseArgs({
      args: [...args],
      options: { output: text, namespace: text, kubeconfig: text, context: text, 'all-namespaces': flag, help: flag },
    });
    const { output = '', namespace, kubeconfig, context, help } = values;
    const problem = help ? undefined : problemOf(output, namespace, values['all-namespaces']);
    return problem === undefined ? { options: { output, namespace, kubeconfig, context, help } } : { problem };
  } catch (error) {
    return { problem: error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error) };
  }
}

function problemOf(output: string, namespace: string | undefined, all: boolean): string | undefined {
  if (output === '') return '--output FILE is missing';
  if (all && namespace !== undefined) return '--namespace and --all-namespaces exclude each other';
  if (!all && namespace === undefined) return 'say --namespace NAME or --all-namespaces';
  if (namespace !== undefined && !name.test(namespace)) return `--namespace ${namespace}: is no name of a namespace`;
  return undefined;
}
