import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { root } from '../run.ts';
import { alerts, recordings, ruleFiles } from './rules.ts';
import { runbookPage, runbooksOf } from './runbooks.ts';
import { seriesIn } from './series-in.ts';

const read = (file: string): string => readFileSync(join(root, file), 'utf8');
const page = runbookPage();
const runbooks = runbooksOf(page);
const names = alerts().map(({ alert }) => alert);

describe('the alert rules', () => {
  it('are many, and none has the name of another', () => {
    expect(names.length).toBeGreaterThanOrEqual(50);
    expect(new Set(names).size).toBe(names.length);
  });

  it.each(alerts().map((rule) => [rule.alert, rule] as const))('%s has a runbook', (name, rule) => {
    expect(rule.annotations.runbook_url).toBe(`http://localhost:8080/api/v1/alert-runbooks/${name}`);
    expect(runbooks.find(({ alert }) => alert === name)?.text).toContain(rule.annotations.description);
  });

  it('are all that the runbooks speak of', () => {
    expect(runbooks.map(({ alert }) => alert).toSorted()).toEqual(names.toSorted());
    const mentioned = [...page.matchAll(/Aetherius[A-Z]\w+/g)].map(([name]) => name);
    expect(mentioned.filter((name) => !names.includes(name))).toEqual([]);
  });

  // Each replica reads these from the database that they share.
  it('add up no figure that every replica of a service tells', () => {
    const added = [...alerts(), ...recordings()].flatMap(({ expr }) => [
      ...expr.matchAll(
        /sum(?: by \([^)]*\))? ?\(\s*(aetherius_(?:manager|orchestrator|reasoning|outbox|redis)_\w+|\w+_ratio)\b/g,
      ),
    ]);
    expect(added.map(([, series]) => series)).toEqual([]);
  });

  it('use every series that is made for them', () => {
    const used = new Set(alerts().flatMap(({ expr }) => seriesIn(expr).map(({ series }) => series)));
    expect(recordings().filter(({ record }) => !used.has(record))).toEqual([]);
  });

  it('are all tried on an installation that is well, with every series that they look at', () => {
    const well = read('deployments/monitoring/tests/healthy.yaml');
    const given = new Set([...well.matchAll(/series: '([\w:]+)/g)].map(([, name]) => name));
    const made = new Map(recordings().map(({ record, expr }) => [record, expr]));
    const looked = alerts().flatMap(({ expr }) =>
      seriesIn(expr).flatMap(({ series }) => seriesIn(made.get(series) ?? series)),
    );
    expect([...new Set(looked.map(({ series }) => series))].filter((series) => !given.has(series))).toEqual([]);
    expect(ruleFiles().filter((file) => !well.includes(`- ../rules/${file.split('/').at(-1)}`))).toEqual([]);
  });

  it('each have an example beside them that fires', () => {
    const tests = ruleFiles().map((file) => read(file.replace('/rules/', '/tests/')));
    expect(names.filter((name) => !tests.some((text) => text.includes(`alertname="${name}"`)))).toEqual([]);
  });
});
