import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { hostsIn, variableProblems } from './given-variables.ts';

const folder = mkdtempSync(join(tmpdir(), 'aetherius-variables-'));
beforeAll(() => {
  writeFileSync(join(folder, 'llm-api-key'), 'k');
  mkdirSync(join(folder, 'webhook-url'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** As compose hands them on when nobody says anything. */
const silent = { AETHERIUS_HOSTS: '', NEO4J_HEAP: '512m', NEO4J_PAGECACHE: '128m', NEO4J_MEMORY: '1536m' };
const problems = (given: Record<string, string>) => variableProblems({ ...silent, ...given }, folder);

describe('the variables of compose', () => {
  it.each([
    [{}],
    [{ AETHERIUS_HOSTS: ' a.example.com, 10.0.0.1,box_1,*.b.org,' }],
    [{ NEO4J_MEMORY: '641m' }],
    [{ NEO4J_HEAP: '1G', NEO4J_PAGECACHE: '512.00MiB', NEO4J_MEMORY: '2gb' }],
    [{ LLM_API_KEY_FILE: '/etc/aetherius/llm-key' }],
    [{ LLM_API_KEY_FILE: 'C:\\keys\\llm' }],
    [{ DEFINITIONS_DIR: '~/definitions' }],
  ])('are taken: %j', (given) => {
    expect(problems(given)).toEqual({});
  });

  it.each([
    [{ AETHERIUS_HOSTS: 'a b;c' }, 'AETHERIUS_HOSTS', 'a b;c is no host name'],
    [{ AETHERIUS_HOSTS: 'a,https://b.org' }, 'AETHERIUS_HOSTS', 'https://b.org is no host name'],
    [{ AETHERIUS_HOSTS: '10.0.0' }, 'AETHERIUS_HOSTS', '10.0.0 is no host name and no IPv4 address'],
    [{ NEO4J_MEMORY: '256m' }, 'NEO4J_MEMORY', '256m is no more than NEO4J_HEAP and NEO4J_PAGECACHE together (512m'],
    [{ NEO4J_HEAP: '2g' }, 'NEO4J_MEMORY', '1536m is no more'],
    [{ NEO4J_HEAP: 'much' }, 'NEO4J_MEMORY', 'have to be amounts such as 512m'],
    [{ LLM_API_KEY_FILE: 'keys/llm' }, 'LLM_API_KEY_FILE', 'keys/llm has to be a whole path'],
    [{ DEFINITIONS_DIR: './definitions' }, 'DEFINITIONS_DIR', './definitions has to be a whole path'],
    [{ NOTIFY_WEBHOOK_URL_FILE: '/a' }, 'NOTIFY_WEBHOOK_URL_FILE', 'there is no such file'],
    [{ NOTIFY_WEBHOOK_SECRET_FILE: '/a' }, 'NOTIFY_WEBHOOK_SECRET_FILE', 'there is no such file'],
  ])('are refused by name: %j', (given, name, words) => {
    const found = problems(given);
    expect(Object.keys(found)).toEqual([name]);
    expect(found[name]).toContain(words);
  });

  it('name hosts with commas between them', () => {
    expect(hostsIn({ AETHERIUS_HOSTS: 'a, b,,' })).toEqual(['a', 'b']);
    expect(hostsIn({})).toEqual([]);
  });
});
