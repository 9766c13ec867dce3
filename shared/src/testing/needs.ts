import { describe } from '@jest/globals';

const variables = {
  postgres: 'AETHERIUS_TEST_DATABASE_URL',
  nats: 'AETHERIUS_NATS_SERVER',
  redis: 'AETHERIUS_TEST_REDIS_URL',
  neo4j: 'AETHERIUS_TEST_NEO4J_URL',
} as const;

/** `describe` when the machine has every part, else `describe.skip` under a name that says what is missing. */
export function needs(...parts: (keyof typeof variables)[]): (name: string, tests: () => void) => void {
  const missing = parts.filter((part) => process.env[variables[part]] === undefined);
  if (missing.length === 0) return (name, tests) => describe(name, tests);
  return (name, tests) => describe.skip(`${name} [skipped: no ${missing.join(', no ')} on this machine]`, tests);
}
