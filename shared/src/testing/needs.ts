import { describe } from '@jest/globals';

const variables = {
  postgres: 'AETHERIUS_TEST_DATABASE_URL',
  nats: 'AETHERIUS_NATS_SERVER',
  redis: 'AETHERIUS_TEST_REDIS_URL',
  neo4j: 'AETHERIUS_TEST_NEO4J_URL',
} as const;

type Part = keyof typeof variables;

/** Where whoever started the parts says why one is not there. */
const reasons: { [part in Part]?: string } = {
  redis: 'AETHERIUS_NO_REDIS',
  neo4j: 'AETHERIUS_NO_NEO4J',
};

type Suite = (name: string, tests: () => void) => void;

/** `describe`, or `describe.skip` under a name that says what is missing. */
export const describeUnless = (missing: string | undefined): Suite =>
  missing === undefined
    ? (name, tests) => describe(name, tests)
    : (name, tests) => describe.skip(`${name} [skipped: ${missing}]`, tests);

/** `describe` when the machine has every part, else `describe.skip` under a name that says what is missing. */
export function needs(...parts: Part[]): Suite {
  const missing = parts.filter((part) => process.env[variables[part]] === undefined);
  return describeUnless(missing.length === 0 ? undefined : missing.map(describeAbsence).join('; '));
}

const describeAbsence = (part: Part): string =>
  `no ${part}: ${process.env[reasons[part] ?? ''] ?? `${variables[part]} is not set`}`;
