import { parseArgs } from 'node:util';

export const usage = `usage: npm run test:chaos -- [--only NAME]... [--full] [--list]
  --only NAME  lets this fault happen and no other; may be given several times
  --full       outages of full length: 5 minutes of the bus, 60 s of the database
  --list       names the faults`;

export type ChaosFlags = { only: string[]; full: boolean; list: boolean };

/** What the command line asks for; an unknown flag or fault is an error that says so. */
export function readFlags(args: readonly string[], names: readonly string[]): ChaosFlags {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: 'string', multiple: true, default: [] },
      full: { type: 'boolean', default: false },
      list: { type: 'boolean', default: false },
    },
  });
  const strange = values.only.find((name) => !names.includes(name));
  if (strange !== undefined) throw new Error(`--only ${strange}: there is no such fault; --list names them`);
  return values;
}
