import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { objectsIn } from '../charts/objects.ts';
import { root } from '../run.ts';
import { recordings } from './rules.ts';
import {
  callsIn,
  isLogged,
  linesSought,
  objectsNamed,
  runbookPage,
  runbooksOf,
  type SoughtLine,
  valuesSet,
} from './runbooks.ts';
import { seriesIn } from './series-in.ts';

const read = (file: string): string => readFileSync(join(root, file), 'utf8');
const files = (...patterns: string[]): string[] =>
  execFileSync('git', ['ls-files', '--', ...patterns], { cwd: root, encoding: 'utf8' })
    .split('\n')
    .filter(Boolean);
const page = runbookPage();
const runbooks = runbooksOf(page);
const typed = runbooks.map(({ shell }) => shell).join('\n');

const services = ['agent-manager', 'orchestrator-service', 'reasoning-service'];
type OpenApi = { paths: Record<string, Record<string, unknown>> };
const documents = new Map(services.map((name) => [name, JSON.parse(read(`docs/api/${name}.json`)) as OpenApi]));
/** Which services each variable of the page may stand for. */
const doors: Record<string, string[]> = {
  MANAGER: ['agent-manager'],
  ORCHESTRATOR: ['orchestrator-service'],
  REASONING: ['reasoning-service'],
  URL: services,
};
/** What every service serves beside its documented routes. */
const isOfAll = (path: string) => ['/health/ready', '/metrics'].includes(path);
const isServed = (service: string, path: string, method: string): boolean =>
  Object.entries(documents.get(service)?.paths ?? {}).some(
    ([declared, methods]) => declared.replace(/\{\w+\}/g, '{}') === path && method in methods,
  );

const programs = files('*/src/**/*.ts', '*/src/*.ts').filter(
  (file) => !/^(e2e|local|simulator)\/|\.test\.ts$/.test(file),
);
const sources = programs.map(read).join('\n');
const sourceOf = (part: string): string =>
  programs
    .filter((file) => file.startsWith(`${part}/`))
    .map(read)
    .join('\n');
const isCounted = (series: string): boolean =>
  /^(process|nodejs)_/.test(series) || sources.includes(`'${series.replace(/_(bucket|sum|count)$/, '')}'`);

const manifests = files('deployments/manifests/**/*.yaml').flatMap((file) => objectsIn(read(file)));
const leases = manifests.flatMap(({ rules = [] }) =>
  rules.filter(({ resources }) => resources.includes('leases')).flatMap(({ resourceNames = [] }) => resourceNames),
);
const isThere = (kind: string, name: string): boolean =>
  kind === 'lease'
    ? leases.includes(name)
    : manifests.some((object) => object.kind.toLowerCase() === kind && object.metadata.name === name);
const composed = new Set(
  files('deployments/compose/*.yaml').flatMap((file) =>
    Object.keys((parse(read(file)) as { services?: object }).services ?? {}),
  ),
);
const settings = files('*/src/config.ts', '*/src/**/*variables.ts', '*/src/retention.ts').map(read).join('\n');

/** The names in a schema of values that a path goes through. */
function isValue(chart: string, path: string): boolean {
  type Schema = { properties?: Record<string, Schema>; additionalProperties?: unknown };
  let at: Schema | undefined = JSON.parse(read(`deployments/charts/${chart}/values.schema.json`)) as Schema;
  for (const word of path.split('.')) {
    if (at === undefined) return false;
    // What is free-form in the chart, such as the amounts of resources, is Kubernetes' own.
    if (at.properties === undefined) return at.additionalProperties !== false;
    at = at.properties[word];
  }
  return at !== undefined;
}

describe('the runbooks', () => {
  it.each(runbooks.map((runbook) => [runbook.alert, runbook] as const))(
    '%s gives something to type',
    (_alert, runbook) => {
      expect(runbook.text).toMatch(/^```(sh|promql)\n(?!```)/m);
      for (const part of ['**Means:** ', '**Look:**', '**Do:**', '**Wait or wake:** '])
        expect(runbook.text).toContain(part);
      const [, deed = ''] = runbook.text.split('**Do:**');
      expect(deed).not.toMatch(/^\s*As [A-Z]/);
    },
  );

  it('ask for routes that there are', () => {
    const calls = callsIn(typed);
    expect(calls.length).toBeGreaterThan(100);
    const lost = calls.filter(
      ({ door, method, path }) =>
        !isOfAll(path) && !(doors[door] ?? []).some((service) => isServed(service, path, method)),
    );
    expect(lost).toEqual([]);
  });

  it('ask Prometheus for series that are counted', () => {
    const made = new Set(recordings().map(({ record }) => record));
    const uses = runbooks.flatMap(({ alert, queries }) =>
      queries
        .split('\n')
        .flatMap(seriesIn)
        .map(({ series }) => `${alert}: ${series}`),
    );
    expect(uses.length).toBeGreaterThan(50);
    expect(uses.filter((use) => !made.has(use.split(': ')[1] ?? '') && !isCounted(use.split(': ')[1] ?? ''))).toEqual(
      [],
    );
  });

  it('name objects that the charts make', () => {
    const named = objectsNamed(page).flatMap(({ kind, name }) =>
      name.includes('$') ? services.map((service) => ({ kind, name: `aetherius-${service}` })) : [{ kind, name }],
    );
    expect(new Set(named.map(({ name }) => name)).size).toBeGreaterThan(5);
    expect(named.filter(({ kind, name }) => !isThere(kind, name))).toEqual([]);
  });

  it('name containers that compose starts', () => {
    const verbs =
      /docker compose (?:ps(?: -a)?|logs|up -d|restart|exec)((?: --?[a-z-]+(?: \d\w*| \$\{[^}]*\})?)*) ([a-z][a-z0-9-]+)/g;
    const named = [...page.matchAll(verbs)].map(([, , service = '']) => service);
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter((service) => !composed.has(service))).toEqual([]);
  });

  it('set values that the charts know, and name variables that are read', () => {
    const values = valuesSet(typed);
    expect(values.length).toBeGreaterThan(20);
    expect(values.filter(({ chart, value }) => !isValue(chart, value))).toEqual([]);
    const variables = [...page.matchAll(/`([A-Z]+(?:_[A-Z]+)+)=?`/g)].map(([, name = '']) => name);
    expect(variables.length).toBeGreaterThan(10);
    expect(variables.filter((name) => !new RegExp(`\\b${name}\\b`).test(settings))).toEqual([]);
  });

  it('look for lines that this service writes, at a level that is shown', () => {
    const sought = linesSought(typed);
    expect(sought.length).toBeGreaterThan(20);
    const isWritten = (line: SoughtLine) => {
      const places = line.of === '$SERVICE' ? services : [line.of];
      return isLogged(sourceOf('shared'), line) || places.every((service) => isLogged(sourceOf(service), line));
    };
    expect(sought.filter((line) => !isWritten(line))).toEqual([]);
  });

  it('would look in vain for a line of another service, or of a lower level', () => {
    const lines = linesSought(
      "agent_told 1h | grep 'command ended'\ntold agent-manager | grep -E 'a (heartbeat|run) was not believed'\nagent_said | grep 'command ended'",
    );
    expect(lines.map(({ words }) => words)).toContain('a heartbeat was not believed');
    expect(lines.map((line) => isLogged(sourceOf(line.of), line))).toEqual([false, true, false, true]);
    const chosen = { of: 'collect-agent', warns: true };
    expect(isLogged(sourceOf('collect-agent'), { ...chosen, words: 'metrics could not be sampled' })).toBe(false);
    expect(isLogged(sourceOf('collect-agent'), { ...chosen, words: 'an agent was not let in' })).toBe(false);
  });
});
