/** Tells the steps of a long command, each with the seconds since the command began. */
export function createProgress() {
  const begun = performance.now();
  const seconds = () => Math.round((performance.now() - begun) / 1000);
  const report = (line: string) => console.log(`${String(seconds()).padStart(5)} s  ${line}`);
  return { seconds, report };
}
