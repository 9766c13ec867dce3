/** One thing that the test of the real cluster looks at; without problems it passed. */
export type Check = { name: string; problems: string[] };

/** Looks at one thing after the other, tells each as it is known, and keeps what was found; whether it was well is answered. */
export type Checking = (what: string, run: () => Promise<string[]>) => Promise<boolean>;

/** Checks of one subject, gathered. */
export function gatherChecks(subject: string, report: (line: string) => void): { checks: Check[]; check: Checking } {
  const checks: Check[] = [];
  const check: Checking = async (what, run) => {
    const problems = await run().catch((error: unknown) => [error instanceof Error ? error.message : String(error)]);
    report(`${subject}: ${what}: ${problems.length === 0 ? 'as it should be' : problems.join('; ')}`);
    checks.push({ name: `${subject}: ${what}`, problems });
    return problems.length === 0;
  };
  return { checks, check };
}

/** Work whose only problem is that it fails. */
export const none = async (work: Promise<unknown>): Promise<string[]> => {
  await work;
  return [];
};
