import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { bundleOf } from './findings.ts';
import { readSources } from './source-files.ts';

const folder = mkdtempSync(join(tmpdir(), 'source-files-'));
const server = createServer();
beforeAll((done) => void server.listen(join(folder, 'pipe.sock'), () => done()));
afterAll((done) => void server.close(() => done()));
afterAll(() => rmSync(folder, { recursive: true }));
writeFileSync(
  join(folder, 'pods\nof shop.txt'),
  'NAME    READY   STATUS    RESTARTS   AGE\ncart    1/1     Running   0          9d\n',
);
symlinkSync('/etc/hostname', join(folder, 'link.txt'));

it('tells of what in a folder is no file, and names each file in one line', () => {
  const sources = readSources(folder);
  expect(sources.map(({ name }) => name)).toEqual(['link.txt', 'pipe.sock', 'pods of shop.txt']);
  const { bundle, unread } = bundleOf(sources, '2026-11-20T10:15:00.000Z');
  expect(bundle?.objects).toHaveLength(1);
  expect(unread).toEqual([
    { file: 'link.txt', reason: 'is a link, which is not followed' },
    { file: 'pipe.sock', reason: 'is no file but a pipe, a socket or a device' },
  ]);
});

it('tells each file of several paths in full', () => {
  const file = join(folder, 'pods\nof shop.txt');
  expect(readSources(folder, true).map(({ name }) => name)).toEqual(
    ['link.txt', 'pipe.sock', 'pods of shop.txt'].map((name) => join(folder, name)),
  );
  expect(readSources(file, true).map(({ name }) => name)).toEqual([file.replace('\n', ' ')]);
});
