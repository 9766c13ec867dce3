import { isWriteAction, parametersOf, writeActions } from '@aetherius/shared/contracts';

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
  ].join('\n');
