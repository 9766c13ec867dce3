import { parseArgs } from 'node:util';

export type Options = {
  once: boolean;
  json: boolean;
  help: boolean;
  context: string | undefined;
  kubeconfig: string | undefined;
  allowChanges: boolean;
};

export const usage = `usage: npm start -- [options]

  --once             run the standard faults once, then end; the exit code tells whether all went right
  --json             no live view; with --once the last line is one JSON object, else the first line has the addresses and the
                     file that holds a token for them, and each change of an incident is one more line
  --context NAME     attach the cluster of this kubeconfig context instead of the simulated one
  --kubeconfig FILE  attach the cluster of this kubeconfig file
  --allow-changes    let Aetherius repair things in the attached cluster; without it nothing is changed there
  --help             this text

Everything is kept in one folder, and one start at a time uses it: AETHERIUS_HOME names another.
`;

/** The words of the command line, or the one sentence that says what is wrong with them. */
export function readOptions(args: readonly string[]): { options: Options } | { problem: string } {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        once: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
        context: { type: 'string' },
        kubeconfig: { type: 'string' },
        'allow-changes': { type: 'boolean', default: false },
      },
    });
    return check({
      ...values,
      context: values.context,
      kubeconfig: values.kubeconfig,
      allowChanges: values['allow-changes'],
    });
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}

function check(options: Options): { options: Options } | { problem: string } {
  for (const name of ['context', 'kubeconfig'] as const)
    if (options[name]?.trim() === '') return { problem: `--${name} needs a ${name === 'context' ? 'name' : 'file'}` };
  const attached = options.context !== undefined || options.kubeconfig !== undefined;
  if (attached && options.once)
    return {
      problem:
        '--once breaks things on purpose, so it only works on the simulated cluster; leave out --context and --kubeconfig',
    };
  if (!attached && options.allowChanges) return { problem: '--allow-changes goes with --context or --kubeconfig' };
  return { options };
}
