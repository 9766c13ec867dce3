import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  FREEZE_ANNOTATION,
  isWriteAction,
  OPT_OUT_ANNOTATION,
  parametersOf,
  writeActions,
} from '@aetherius/shared/contracts';
import { parse } from 'yaml';
import { z } from 'zod';
import { root } from './run.ts';

/** As much of an entry of the catalogue of remedies as tells whether an agent can do it. */
const Remedies = z.array(z.object({ name: z.string(), do: z.object({ action: z.string() }).optional() }));

function remedies(): z.infer<typeof Remedies> {
  const folder = join(root, 'reasoning-service/recommendations');
  const files = readdirSync(folder).filter((file) => file.endsWith('.yaml'));
  return files.sort().flatMap((file) => Remedies.parse(parse(readFileSync(join(folder, file), 'utf8'))));
}

/** Which remedies order which action; one that none orders is the way back of another. */
function remedyLines(): string[] {
  const all = remedies();
  const bound = all.filter((one) => one.do !== undefined);
  const byAction = Object.keys(writeActions).map((action) => {
    const names = bound.filter((one) => one.do?.action === action).map(({ name }) => `\`${name}\``);
    return `| \`${action}\` | ${names.length === 0 ? 'none; it is a way back' : names.join(', ')} |`;
  });
  return [
    '## What orders it',
    '',
    `Of the ${all.length} remedies in \`reasoning-service/recommendations\`, ${bound.length} are bound to an action of this list, with target and parameters computed from the evidence, and the other ${all.length - bound.length} are advice for people with the read that shows what they need.`,
    '',
    '| action | remedies |',
    '|---|---|',
    ...byAction,
    '',
  ];
}

const parametersIn = (action: keyof typeof parametersOf): string =>
  Object.keys(parametersOf[action].shape)
    .map((name) => `\`${name}\``)
    .join(', ');

const rows = (): string[] =>
  Object.entries(writeActions).map(([name, { kinds, way, proofs, asks }]) => {
    const parameters = isWriteAction(name) ? parametersIn(name) : '';
    const back = way === 'reversible' ? 'yes' : 'no';
    const person = asks === 'always' ? 'always asked' : 'as the strategy says';
    return `| \`${name}\` | ${kinds.join(', ')} | ${parameters} | ${back} | ${person} | ${proofs.join(', ')} |`;
  });

/** Every action that changes a cluster, as the table that agent and orchestrator go by says it. */
export const actionsTable = (): string =>
  [
    '# What an agent can do',
    '',
    'Every action that changes a cluster; generated from the one table that agent, orchestrator and the catalogue of remedies go by. There is no other way to change anything: what is not in this list cannot be ordered.',
    'Why a field has an action of its own: [ADR 22](adr/0022-typed-field-actions.md). Actions that only read are `get`, `describe`, `events`, `logs` and `observe`.',
    '',
    '| action | done to | parameters | taken back exactly | a person is | what shows that it helped |',
    '|---|---|---|---|---|---|',
    ...rows(),
    '',
    ...remedyLines(),
    '## What an owner holds back',
    '',
    '| annotation | holds |',
    '|---|---|',
    `| \`${OPT_OUT_ANNOTATION}\` | for good |`,
    `| \`${FREEZE_ANNOTATION}\` | until its value, a time as RFC 3339 has it (\`2026-12-24T18:00:00Z\`); with any other value for as long as it is there |`,
    '',
    'Either stands on the object itself, on a workload for its pods as well, or on a namespace for everything in it. The value `false` takes it back.',
    'The agent reads all of these again before each write, in the dry run too, so the run ends before anybody is asked for approval, and a person is told what holds and until when. Where the agent may not read the namespace it changes nothing.',
    'A way back is a change as well: what is frozen after a repair is not taken back either. Detection and diagnosis go on.',
    '',
  ].join('\n');
