import { readFileSync, writeFileSync } from 'node:fs';
import { errors } from '@aetherius/shared/errors';
import { z } from 'zod';

/** Only that it is a page of cases: what a case is, the service says, which also names the field that is wrong. */
const CaseFile = z.object({ items: z.array(z.record(z.string(), z.unknown())).min(1) });
const Page = CaseFile.extend({ items: z.array(z.unknown()), next_cursor: z.string().nullable() });
const Read = z.object({ read: z.int(), shipped: z.int() });

const MOST_CASES = 500;

type Asked = { file: string; url: string; token: string };
type Call = Pick<Asked, 'url' | 'token'> & { path: string; body?: unknown };

async function ask({ url, token, path, body }: Call): Promise<unknown> {
  const answer = await fetch(`${url}/api/v1/cases${path}`, {
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
  }).catch((cause: unknown) => {
    throw errors.unavailable({ url, reason: 'nothing answers there; is "npm start" running?' }, { cause });
  });
  if (answer.ok) return answer.json();
  throw errors.unavailable({ url: answer.url, status: answer.status, answer: (await answer.text()).slice(0, 300) });
}

/** Writes all cases into a new file, as one page that the import takes; returns how many. */
export async function exportCases({ file, ...at }: Asked): Promise<number> {
  const items: unknown[] = [];
  let cursor: string | null = null;
  do {
    const more: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const page: z.infer<typeof Page> = Page.parse(await ask({ ...at, path: `?limit=${MOST_CASES}${more}` }));
    items.push(...page.items);
    cursor = page.next_cursor;
  } while (cursor !== null);
  writeNew(file, `${JSON.stringify({ items, next_cursor: null }, undefined, 1)}\n`);
  return items.length;
}

function writeNew(file: string, text: string): void {
  try {
    writeFileSync(file, text, { flag: 'wx' });
  } catch (cause) {
    throw errors.invalid_input({ '--export': `${file} cannot be written as a new file` }, { cause });
  }
}

/** Gives the cases of a file to the control plane, a page at a time; returns how many were read, and how many of them are shipped. */
export async function importCases({ file, ...at }: Asked): Promise<z.infer<typeof Read>> {
  const items = casesIn(file);
  const count = { read: 0, shipped: 0 };
  for (let from = 0; from < items.length; from += MOST_CASES) {
    const page = items.slice(from, from + MOST_CASES);
    const { read, shipped } = Read.parse(await ask({ ...at, path: '/import', body: { items: page } }));
    count.read += read;
    count.shipped += shipped;
  }
  return count;
}

function casesIn(file: string): unknown[] {
  try {
    return CaseFile.parse(JSON.parse(readFileSync(file, 'utf8'))).items;
  } catch (cause) {
    const why = cause instanceof z.ZodError ? 'has no list "items" with cases' : 'cannot be read as JSON';
    throw errors.invalid_input({ '--import': `${file} ${why}` }, { cause });
  }
}
