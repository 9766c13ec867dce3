import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';

const usage = 'usage: break-main.ts --url URL [--after SECONDS] [--every SECONDS]';

/** Brings about every fault that a simulator offers on its faults port, one after the other, so that a person can follow each. */
async function main(): Promise<void> {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({ options: { url: text, after: text, every: text } });
  if (values.url === undefined) throw new Error(usage);
  const seconds = (value: string | undefined, fallback: number) => Number(value ?? fallback) * 1_000;
  const faults = new URL('/faults', values.url);
  const { items } = (await ask(faults)) as { items: { name: string; title: string }[] };
  await wait(seconds(values.after, 10));
  for (const { name, title } of items) {
    await ask(new URL(`/faults/${name}`, faults), 'POST');
    process.stdout.write(`${name}: ${title}\n`);
    await wait(seconds(values.every, 4));
  }
}

async function ask(url: URL, method = 'GET'): Promise<unknown> {
  const answer = await fetch(url, { method });
  if (!answer.ok) throw new Error(`${url}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

// The first process of a container hears no signal that it has no handler for.
process.once('SIGTERM', () => process.exit());
main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
