import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../run.ts';
import { runbooksFile } from './rules.ts';

/** What a runbook says, and what it gives to type. */
export type Runbook = { alert: string; text: string; shell: string; queries: string };

const blocks = (text: string, language: string): string =>
  [...text.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'))].map(([, block]) => block).join('');
/** Commands within a sentence are typed as well. */
const inline = (text: string): string =>
  [...text.replace(/^```[\s\S]*?^```/gm, '').matchAll(/`([^`\n]+)`/g)].map(([, words]) => words).join('\n');

const runbook = (alert: string, text: string): Runbook => ({
  alert,
  text,
  shell: `${blocks(text, 'sh')}\n${inline(text)}`,
  queries: blocks(text, 'promql'),
});

/** The page as it is written. */
export const runbookPage = (): string => readFileSync(join(root, runbooksFile), 'utf8');

/** Its sections by alert; the last of a chapter ends where the next chapter begins. */
export const runbooksOf = (page: string): Runbook[] =>
  page
    .split(/^### /m)
    .slice(1)
    .map((section) => runbook(section.slice(0, section.indexOf('\n')), section.split(/^## /m)[0] ?? ''));

/** A request that somebody is told to send. */
export type Call = { door: string; method: string; path: string };

/** Each `$MANAGER/path` with its method; what is written in capitals stands for a name. */
export const callsIn = (shell: string): Call[] =>
  [...shell.matchAll(/(?:-X ([A-Z]+) [^$\n]*)?\$(MANAGER|ORCHESTRATOR|REASONING|URL)(\/[\w./-]*)/g)].map(
    ([, method = 'GET', door = '', path = '']) => ({
      door,
      method: method.toLowerCase(),
      path: path.replace(/\/[A-Z_]+(?=\/|$)/g, '/{}'),
    }),
  );

/** Each `kind/name` and `get lease name` that kubectl is told. */
export const objectsNamed = (shell: string): { kind: string; name: string }[] =>
  shell
    .split('\n')
    .flatMap((line) => line.split(/[;|&]/))
    .filter((command) => /\bkubectl -n aetherius(-agent)?\b/.test(command))
    .flatMap((command) => [
      ...command.matchAll(/\b(deployment|statefulset|service|lease)[/ ](aetherius[\w-]*(?:\$[\w{]+)?)/g),
    ])
    .map(([, kind = '', name = '']) => ({ kind, name }));

/** Each value that Helm is told to set, with its chart; a bare `--set` goes with the control plane. */
export const valuesSet = (shell: string): { chart: string; value: string }[] =>
  shell.split('\n').flatMap((line) =>
    [...line.matchAll(/--set '?([\w.]+)=/g)].map(([, value = '']) => ({
      chart: /charts\/aetherius-agent/.test(line) || value === 'changeKinds' ? 'aetherius-agent' : 'aetherius',
      value,
    })),
  );

/** The questions that are typed as they are, with what they make of the answer; none that changes anything. */
export const questionsIn = (shell: string): string[] => [
  ...new Set(
    shell
      .split('\n')
      .flatMap((line) => line.replace(/ {3}#.*$/, '').split(/; (?=ask )|(?<=jq '[^']*');|&& /))
      .map((command) => command.trim())
      .filter((command) => command.startsWith('ask ') && !/ -X |>/.test(command.replace(/'[^']*'/g, ''))),
  ),
];

/** A line of a log that somebody is told to look for: whose, and whether only of what is told as a warning or worse. */
export type SoughtLine = { of: string; warns: boolean; words: string };

/** Each `told SERVICE | grep …` and the like, by every alternative of its pattern. */
export const linesSought = (shell: string): SoughtLine[] =>
  [...shell.matchAll(/\b(agent_told|agent_said|told (\$SERVICE|[a-z-]+))[^|;\n]*\| grep (?:-E )?'([^']+)'/g)].flatMap(
    ([, name = '', service = 'collect-agent', pattern = '']) =>
      alternatives(pattern).map((words) => ({ of: service, warns: name !== 'agent_said', words })),
  );

function alternatives(pattern: string): string[] {
  const [, before, group, after] = /^([^(]*)\(([^)]*)\)(.*)$/.exec(pattern) ?? [];
  return (group ?? pattern).split('|').map((one) => `${before ?? ''}${one}${after ?? ''}`);
}

const level = /\blog\.(\w+)\(|\blog\[\w+\]\(|\b(createOutageLog)\(/g;

/** Whether a service's source logs these words, and at a level that a warning has where that is asked. */
export function isLogged(source: string, { words, warns }: SoughtLine): boolean {
  const places = [...source.matchAll(new RegExp(`'[^'\\n]*${words}`, 'g'))];
  return places.some(({ index }) => {
    const before = source.slice(Math.max(0, index - 500), index);
    const call = [...before.matchAll(level)].at(-1);
    if (call === undefined) return false;
    const [, named = '', outage] = call;
    // A level that is chosen is as low as the lowest that is printed.
    const least = named !== '' ? named : outage !== undefined || !/'info'/.test(before) ? 'warn' : 'info';
    return !warns || ['warn', 'error', 'fatal'].includes(least);
  });
}
