import { createTemplates, type Templates } from '../../logs/templates.ts';
import type { LogLine } from '../series.ts';
import { refused, type Table } from './csv.ts';
import { find, need, textOf, timeOf } from './header.ts';

const SAID = /\b(fatal|panic|error|err|exception|failed|warn|warning)\b/i;

/** Level of a line that does not carry one: what its words say, else none. */
const levelIn = (text: string): string => {
  const word = SAID.exec(text)?.[1]?.toLowerCase();
  if (word === undefined) return '';
  return word.startsWith('warn') ? 'warn' : 'error';
};

/** Template of a text by entity; asked for only when all lines are learned, because templates widen as they go. */
type Learn = (entity: string, text: string) => () => string;

function templatesByEntity(): Learn {
  const learners = new Map<string, Templates>();
  return (entity, text) => {
    const learner = learners.get(entity) ?? createTemplates();
    learners.set(entity, learner);
    const id = learner.learn(text);
    return () => learner.text(id);
  };
}

type Read = Omit<LogLine, 'template'> & { template: () => string };

function linesOf(table: Table, learn: Learn): Read[] {
  const at = { time: need(table, 'time'), entity: need(table, 'entity'), level: find(table, 'level') };
  const [template, message] = [find(table, 'template'), find(table, 'message')];
  if (template === -1 && message === -1)
    throw refused(table.file, 'neither a column "template" nor a column "message"', { line: 1 });
  return table.rows.map((row) => {
    const text = row.cells[template === -1 ? message : template] ?? '';
    const entity = textOf(table, row, at.entity);
    const level = row.cells[at.level]?.trim() || levelIn(text);
    const known = template === -1 ? learn(entity, text) : () => text;
    return { time: timeOf(table, row, at.time), entity, level, template: known };
  });
}

/** Log lines as templates: `time,entity,level,template`, or `message` instead, which is turned into templates per entity. */
export function readLogs(tables: readonly Table[]): LogLine[] {
  const learn = templatesByEntity();
  const read = tables.flatMap((table) => linesOf(table, learn));
  return read.map(({ template, ...line }) => ({ ...line, template: template() }));
}

type Message = { time: number; entity: string; level: string; message: string };

/** The same for lines that are not from a table. */
export function logLines(messages: readonly Message[]): LogLine[] {
  const learn = templatesByEntity();
  const learned = messages.map(({ message, level, ...line }) => ({
    ...line,
    level: level.trim() || levelIn(message),
    template: learn(line.entity, message),
  }));
  return learned.map(({ template, ...line }) => ({ ...line, template: template() }));
}
