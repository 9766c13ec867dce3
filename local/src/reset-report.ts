type Cleared = { removed: readonly string[]; reaped: readonly string[]; cache: string };

const givenVariables = ['DATABASE_URL', 'NATS_URL', 'REDIS_URL', 'NEO4J_URI'] as const;

/** What a reset did, and what it left alone because it is kept elsewhere. */
export function resetReport(
  { removed, reaped, cache }: Cleared,
  env: Readonly<Record<string, string | undefined>>,
): string[] {
  const elsewhere = givenVariables.filter((name) => (env[name]?.trim() ?? '') !== '');
  return [
    ...(reaped.length === 0 ? [] : [`Stopped what an earlier start left running: ${reaped.join(', ')}.`]),
    ...(removed.length === 0
      ? ['There was nothing to remove.']
      : removed.map((folder) => `Removed ${folder}: everything that Aetherius itself kept there.`)),
    ...(elsewhere.length === 0
      ? []
      : [`Not touched: what is kept at ${elsewhere.join(' and ')}; that can only be removed there.`]),
    `Downloaded programs stay in ${cache}.`,
  ];
}
