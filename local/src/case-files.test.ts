import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { exportCases, importCases } from './case-files.ts';

const folder = mkdtempSync(join(tmpdir(), 'aetherius-cases-'));
const imported: number[] = [];
/** Three pages of one case each, and an import that counts what it gets. */
const server = createServer(async (request, response) => {
  const { searchParams: query, pathname } = new URL(request.url ?? '', 'http://x');
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part);
  const body = Buffer.concat(parts).toString();
  if (request.headers.authorization !== 'Bearer right') response.writeHead(401).end('who is there');
  else if (pathname.endsWith('/import')) {
    const { items } = JSON.parse(body);
    imported.push(items.length);
    response.end(JSON.stringify({ read: items.length, shipped: 1 }));
  } else {
    const at = Number(query.get('cursor') ?? 0);
    response.end(JSON.stringify({ items: [{ id: `case-${at}` }], next_cursor: at === 2 ? null : String(at + 1) }));
  }
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

const asked = (file: string) => ({ file: join(folder, file), url, token: 'right' });

describe('files of cases', () => {
  it('hold every page, and are given back', async () => {
    expect(await exportCases(asked('all.json'))).toBe(3);
    expect(JSON.parse(readFileSync(join(folder, 'all.json'), 'utf8'))).toEqual({
      items: [{ id: 'case-0' }, { id: 'case-1' }, { id: 'case-2' }],
      next_cursor: null,
    });
    expect(await importCases(asked('all.json'))).toEqual({ read: 3, shipped: 1 });
  });

  it('are sent in pages of five hundred', async () => {
    writeFileSync(join(folder, 'many.json'), JSON.stringify({ items: Array.from({ length: 501 }, () => ({})) }));
    imported.length = 0;
    expect(await importCases(asked('many.json'))).toEqual({ read: 501, shipped: 2 });
    expect(imported).toEqual([500, 1]);
  });

  it('never replace a file, and are refused by name when they hold no cases', async () => {
    writeFileSync(join(folder, 'there.json'), '{"items": []}');
    await expect(exportCases(asked('there.json'))).rejects.toThrow(/there\.json cannot be written as a new file/);
    await expect(importCases(asked('there.json'))).rejects.toThrow(/there\.json has no list "items"/);
    writeFileSync(join(folder, 'text.json'), 'text');
    await expect(importCases(asked('text.json'))).rejects.toThrow(/text\.json cannot be read as JSON/);
  });

  it('say what the service said, and when none answers', async () => {
    await expect(exportCases({ ...asked('x.json'), token: 'wrong' })).rejects.toThrow(/401.*who is there/);
    await expect(exportCases({ ...asked('x.json'), url: 'http://127.0.0.1:1' })).rejects.toThrow(
      /nothing answers there/,
    );
  });
});
