import {
  FREEZE_ANNOTATION,
  isWriteAction,
  OPT_OUT_ANNOTATION,
  parametersOf,
  writeActions,
} from '@aetherius/shared/contracts';

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
