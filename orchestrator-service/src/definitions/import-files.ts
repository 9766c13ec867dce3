import { join } from 'node:path';
import { type Strategy, WorkflowDefinition } from '@aetherius/shared/contracts';
import type { Logger } from '@aetherius/shared/log';
import { type Db, withTransaction } from '@aetherius/shared/postgres';
import { type Checked, checkDefinition, checkStrategy, type Known } from './check.ts';
import { definitionStore } from './definition-store.ts';
import { invalidFiles } from './errors.ts';
import { readFiles, type Source } from './read-files.ts';
import { strategyStore } from './strategy-store.ts';

/** Loads `workflows/` and `strategies/` of a folder; one bad file and nothing is taken, with every problem named. */
export async function importFiles({ db, folder, log }: { db: Db; folder: string; log: Logger }): Promise<void> {
  const [workflowFiles, strategyFiles] = await Promise.all(
    ['workflows', 'strategies'].map((part) => readFiles(join(folder, part))),
  );
  const sources = workflowFiles?.sources ?? [];
  const known = namesIn(sources);
  const definitions = checkAll<WorkflowDefinition>(sources, (document) => checkDefinition(document, known));
  const strategies = checkAll<Strategy>(strategyFiles?.sources ?? [], (document) => checkStrategy(document, known));
  const problems = [workflowFiles, strategyFiles].flatMap((read) => read?.problems ?? []);
  const all = [...problems, ...definitions.problems, ...strategies.problems];
  if (all.length > 0) throw invalidFiles(all);
  const changed = await withTransaction(db, async (tx) => {
    const imported = await definitionStore.saveAll(tx, definitions.values, 'file');
    for (const strategy of strategies.values) await strategyStore.importFile(tx, strategy);
    await strategyStore.markShipped(
      tx,
      strategies.values.map(({ name }) => name),
    );
    return imported;
  });
  log.info(
    { workflows: definitions.values.length, strategies: strategies.values.length, changed },
    'definitions loaded',
  );
}

/** Definitions by name as far as they parse, so that one file may use another whatever their order. */
const namesIn = (sources: readonly Source[]): Known =>
  new Map(
    sources.flatMap(({ document }) => {
      const parsed = WorkflowDefinition.safeParse(document);
      return parsed.success ? [[parsed.data.name, parsed.data] as const] : [];
    }),
  );

function checkAll<T extends { name: string }>(sources: readonly Source[], check: (document: unknown) => Checked<T>) {
  const values: T[] = [];
  const problems: string[] = [];
  const files = new Map<string, string>();
  for (const source of sources) {
    const checked = check(source.document);
    if (!checked.ok) problems.push(...checked.problems.map(source.locate));
    else if (files.has(checked.value.name))
      problems.push(
        source.locate({
          path: ['name'],
          message: `"${checked.value.name}" is also in ${files.get(checked.value.name)}`,
        }),
      );
    else {
      files.set(checked.value.name, source.file);
      values.push(checked.value);
    }
  }
  return { values, problems };
}
