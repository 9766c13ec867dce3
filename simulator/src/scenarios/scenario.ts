import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { parse, YAMLParseError } from 'yaml';
import { type FaultStep, readFaultStep, readObject, readTarget } from './fault-step.ts';
import { type Fields, fail, type Path, pathIn, readChoice, readList, readRecord, readText } from './field-reader.ts';

/** What Aetherius has to make of a scenario. */
export type Expected = {
  category: string;
  subject: { kind: string; namespace: string | null; name: string };
  outcome: 'verified' | 'escalated';
  action: string | null;
};

/** A fault told as data: the healthy state, what breaks it, and what is right to come of it. */
export type Scenario = { name: string; title: string; setup: Fields[]; fault: FaultStep[]; expected: Expected };

/** The cluster that all scenarios share, and the harmless commotion in it. */
export type BaseCluster = { name: string; title: string; setup: Fields[]; noise: FaultStep[] };

const folder = new URL('./', import.meta.url);
const baseFile = 'base.yaml';

/** All scenarios that come with the simulator, by name. */
export const loadScenarios = (): Scenario[] =>
  readdirSync(folder)
    .filter((file) => file.endsWith('.yaml') && file !== baseFile)
    .sort()
    .map((file) => readScenario(file, readFileSync(new URL(file, folder), 'utf8')));

/** The cluster that all scenarios share. */
export function loadBaseCluster(): BaseCluster {
  const path = pathIn(baseFile);
  const source = readFileSync(new URL(baseFile, folder), 'utf8');
  const fields = readRecord(parseYaml(source, path), path, ['name', 'title', 'setup', 'noise']);
  const noise = readList(fields['noise'], path.at('noise'), readFaultStep);
  return { ...readIdentity(fields, path), setup: readList(fields['setup'], path.at('setup'), readObject), noise };
}

/** Reads a scenario from YAML; a mistake is answered with the file and the field. */
export function readScenario(file: string, source: string): Scenario {
  const path = pathIn(file);
  const fields = readRecord(parseYaml(source, path), path, ['name', 'title', 'setup', 'fault', 'expected']);
  const identity = readIdentity(fields, path);
  if (identity.name !== basename(file, '.yaml'))
    fail(path.at('name'), `must be the file's name, ${basename(file, '.yaml')}`);
  return {
    ...identity,
    setup: readList(fields['setup'], path.at('setup'), readObject),
    fault: readList(fields['fault'], path.at('fault'), readFaultStep),
    expected: readExpected(fields['expected'], path.at('expected')),
  };
}

const readIdentity = (fields: Fields, path: Path): { name: string; title: string } => ({
  name: readText(fields['name'], path.at('name')),
  title: readText(fields['title'], path.at('title')),
});

function readExpected(value: unknown, path: Path): Expected {
  const fields = readRecord(value, path, ['category', 'subject', 'outcome', 'action']);
  const subject = readRecord(fields['subject'], path.at('subject'), ['kind', 'namespace', 'name']);
  return {
    category: readText(fields['category'], path.at('category')),
    subject: { namespace: null, ...readTarget(subject, path.at('subject')) },
    outcome: readChoice(fields['outcome'], path.at('outcome'), ['verified', 'escalated']),
    action: fields['action'] === null ? null : readText(fields['action'], path.at('action')),
  };
}

function parseYaml(source: string, path: Path): unknown {
  try {
    return parse(source);
  } catch (error) {
    if (!(error instanceof YAMLParseError)) throw error;
    return fail(path, error.message);
  }
}
