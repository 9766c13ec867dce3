import { describe } from '@jest/globals';

const variables = {
  postgres: 'AETHERIUS_TEST_DATABASE_URL',
  nats: 'AETHERIUS_NATS_SERVER',
  redis: 'AETHERIUS_TEST_REDIS_URL',
  neo4j: 'AETHERIUS_TEST_NEO4J_URL',
} as const;

type Suite = (name: string, tests: () => void) => void;

/** `describe`, or `describe.skip` under a name that says what is missing. */
export const describeUnless = (missing: string | undefined): Suite =>
  missing === undefined
    ? (name, tests) => describe(name, tests)
    : (name, tests) => describe.skip(`${name} [skipped: ${missing}]`, tests);

/** `describe` when the machine has every part, else `describe.skip` under a name that says what is missing. */
export function needs(...parts: (keyof typeof variables)[]): Suite {
  const missing = parts.filter((part) => process.env[variables[part]] === undefined);
  return describeUnless(missing.length === 0 ? undefined : `no ${missing.join(', no ')} on this machine`);
}
