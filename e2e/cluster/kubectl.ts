import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { runCommand } from './command.ts';

/** A Kubernetes object as the API hands it out, as far as every kind has it. */
export type KubeObject = {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string; [field: string]: unknown };
  [field: string]: unknown;
};

/** `kubectl` bound to one bed. */
export type Kubectl = {
  run(args: readonly string[], input?: string): Promise<string>;
  list(kinds: string, namespace?: string): Promise<KubeObject[]>;
  apply(objects: readonly object[]): Promise<void>;
  /** Runs until it is stopped and hands on each line as it comes. */
  lines(args: readonly string[], onLine: (line: string) => void): () => void;
};

/** Binds kubectl to a kubeconfig. */
export function createKubectl({ binaries, kubeconfig }: { binaries: string; kubeconfig: string }): Kubectl {
  const run = (args: readonly string[], input?: string) =>
    runCommand(join(binaries, 'kubectl'), ['--kubeconfig', kubeconfig, ...args], input === undefined ? {} : { input });
  return {
    run,
    async list(kinds, namespace) {
      const place = namespace === undefined ? [] : ['-n', namespace];
      return (JSON.parse(await run(['get', kinds, ...place, '-o', 'json'])) as { items: KubeObject[] }).items;
    },
    lines(args, onLine) {
      const child = spawn(join(binaries, 'kubectl'), ['--kubeconfig', kubeconfig, ...args], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      createInterface({ input: child.stdout }).on('line', onLine);
      return () => child.kill();
    },
    async apply(objects) {
      await run(['apply', '-f', '-'], JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }));
    },
  };
}
