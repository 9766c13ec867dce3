/** Repeats `check` until it stops throwing; fails with its last error when time is up. */
export async function eventually<T>(
  check: () => T | Promise<T>,
  { within = 10_000 }: { within?: number } = {},
): Promise<T> {
  const end = performance.now() + within;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (performance.now() > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }
}
