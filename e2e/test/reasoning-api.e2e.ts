import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Fleet } from '@aetherius/local';
import { afterAll, expect, it } from '@jest/globals';
import { onFleet, withHome } from '../src/test-fleet.ts';

const folder = mkdtempSync(join(tmpdir(), 'aetherius-reasoning-'));
afterAll(() => rmSync(folder, { recursive: true }));

type Example = { path: string; body: string | undefined; answer: unknown };

/** A curl command with what it answered, as the page shows them. */
const example = /```sh\ncurl .*"\$REASONING(\S+)"(?: -d '\n([^']*)')?\n```\n\n```json\n([^`]*)```/g;
const examples = [...readFileSync('docs/reasoning.md', 'utf8').matchAll(example)].map(
  ([, path = '', body, answer = '']): Example => ({ path, body, answer: JSON.parse(answer) }),
);

/** Names, causes and states must be the same; numbers, times and ids are of the day, and more may be answered than is shown. */
const sameWords = new Set(['status', 'category', 'kind', 'entity', 'metric', 'failure_types', 'action', 'message']);

function compare(shown: unknown, real: unknown, at: string): void {
  if (typeof shown === 'string') {
    if (sameWords.has(at.split('.').at(-1) ?? '')) expect({ at, real }).toEqual({ at, real: shown });
    return;
  }
  if (shown === null || typeof shown !== 'object') {
    expect({ at, type: typeof real }).toEqual({ at, type: real === null ? 'object' : typeof shown });
    return;
  }
  expect({ at, real }).toEqual({ at, real: expect.anything() });
  const given = real as Record<string, unknown>;
  for (const [name, value] of Object.entries(shown)) {
    expect({ at, names: Object.keys(given) }).toEqual({ at, names: expect.arrayContaining([name]) });
    compare(value, given[name], Array.isArray(shown) ? at : `${at}.${name}`);
  }
}

async function asked({ api, urls }: Fleet, { path, body }: Example): Promise<unknown> {
  const headers = { authorization: `Bearer ${await api.token()}`, 'content-type': 'application/json' };
  const answer = await fetch(`${urls['reasoning-service']}${path}`, {
    headers,
    ...(body === undefined ? {} : { method: 'POST', body }),
  });
  const text = await answer.text();
  expect({ path, ok: answer.ok, text }).toEqual({ path, ok: true, text });
  return JSON.parse(text);
}

/** `npm run cases` beside the fleet that runs. */
async function cases({ api, urls }: Fleet, way: '--export' | '--import', file: string): Promise<string> {
  const tokenFile = join(folder, 'token');
  writeFileSync(tokenFile, await api.token());
  const given = [way, file, '--url', urls['reasoning-service'], '--token-file', tokenFile];
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--conditions=source',
    'local/src/cases.ts',
    ...given,
  ]);
  return stdout;
}

it('answers as its page says, and gives its cases out and back', async () => {
  expect(examples.length).toBeGreaterThan(10);
  await withHome((home) =>
    onFleet(home, async ({ fleet }) => {
      for (const shown of examples) compare(shown.answer, await asked(fleet, shown), shown.path);
      const health = await fetch(`${fleet.urls['reasoning-service']}/health`);
      expect(await health.json()).toMatchObject({
        status: 'ok',
        notes: { case_store: expect.stringMatching(/^(?:postgres|neo4j): answered at \d{4}-/) },
      });
      const file = join(folder, 'cases.json');
      expect(await cases(fleet, '--export', file)).toMatch(/cases\.json: \d+ cases written/);
      const { items } = JSON.parse(readFileSync(file, 'utf8'));
      expect(items.map(({ title }: { title: string }) => title)).toContain('Image resizer out of memory');
      expect(await cases(fleet, '--import', file)).toContain(`${items.length} cases read`);
    }),
  );
}, 180_000);
