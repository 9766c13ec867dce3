import { sleep } from '@aetherius/shared/service';

const EVERY_MS = 500;

/** Asks until nothing is missing any more; fails with what was missing last when time is up. */
export async function until(
  missing: () => Promise<readonly string[]>,
  { seconds }: { seconds: number },
): Promise<void> {
  const end = performance.now() + seconds * 1_000;
  for (;;) {
    const left = await missing().catch((error: unknown) => [error instanceof Error ? error.message : String(error)]);
    if (left.length === 0) return;
    if (performance.now() > end) throw new Error(`not within ${seconds} s: ${left.join('; ')}`);
    await sleep(EVERY_MS);
  }
}
