import type { Route } from '@aetherius/shared/http';
import type { Logger } from '@aetherius/shared/log';
import type { Db } from '@aetherius/shared/postgres';
import type { Clock } from '@aetherius/shared/service';
import type { Case } from './cases/case.ts';
import { type CaseFiling, createCaseFiling } from './cases/case-filing.ts';
import type { CaseStore } from './cases/case-store.ts';
import { keepingLibrary } from './cases/keep-library.ts';
import { rememberLast } from './cases/last-heard.ts';
import { loadCases } from './cases/load-cases.ts';
import { type Neo4jAccess, openNeo4jCaseStore } from './cases/neo4j-case-store.ts';
import { createPostgresCaseStore } from './cases/postgres-case-store.ts';
import { caseRoutes } from './cases/routes.ts';
import { wayToGraph } from './cases/way-to-graph.ts';
import { createExperience, type Experience } from './learning/experience.ts';
import { createLearningStore, type LearningStore } from './learning/learning-store.ts';
import { learningRoutes } from './learning/routes.ts';
import { loadRemedies } from './recommendations/load-remedies.ts';
import type { Remedy } from './recommendations/remedy.ts';
import { createRunbookIndex, type RunbookIndex } from './runbooks/find-runbooks.ts';
import { loadRunbooks } from './runbooks/load-runbooks.ts';
import { runbookRoutes } from './runbooks/routes.ts';

/** What the service knows beside the evidence of one incident. */
export type Knowledge = {
  cases: CaseStore;
  /** Whether the store of cases answers, by what it last said. */
  lastHeard: () => string;
  isSilent: () => boolean;
  /** To be called now and then: a store that was away gets the shipped cases when it answers. */
  keepLibrary: () => Promise<void>;
  filing: CaseFiling;
  /** The cases that are shipped. */
  library: readonly Case[];
  learning: LearningStore;
  experience: Experience;
  remedies: readonly Remedy[];
  runbooks: RunbookIndex;
};
type Opening = {
  db: Db;
  neo4j: Neo4jAccess | undefined;
  runbookFolders: readonly URL[];
  /** How long what earlier incidents say is not read again. */
  experienceForMs: number;
  clock: Clock;
  log: Logger;
};

const shipped = (folder: string) => new URL(`../${folder}/`, import.meta.url);

/** Reads the catalogue, the runbooks and the library of cases, and opens where cases are kept. */
export async function openKnowledge({
  db,
  neo4j,
  runbookFolders,
  experienceForMs: forMs,
  clock,
  log,
}: Opening): Promise<Knowledge & { stop(): Promise<void> }> {
  const remedies = loadRemedies(shipped('recommendations'));
  const runbooks = createRunbookIndex(loadRunbooks([shipped('runbooks'), ...runbookFolders]));
  const library = loadCases(shipped('cases'));
  const graph = neo4j === undefined ? undefined : openNeo4jCaseStore(neo4j);
  const heard = rememberLast(graph ?? createPostgresCaseStore(db), clock.now);
  const { cases } = heard;
  const wayOut = neo4j === undefined ? () => 'start Postgres' : wayToGraph(neo4j.uri);
  const keepLibrary = keepingLibrary({ ...heard, library, wayOut, log });
  const stop = async () => void (await graph?.stop());
  try {
    await keepLibrary();
  } catch (error) {
    await stop();
    throw error;
  }
  const filing = createCaseFiling({ db, cases, log });
  const learning = createLearningStore(db);
  const experience = createExperience({ learning, cases, forMs });
  return { ...heard, keepLibrary, filing, library, learning, experience, remedies, runbooks, stop };
}

/** Cases, verdicts and runbooks over REST. */
export const knowledgeRoutes = (needs: Knowledge & { db: Db; clock: Clock }): Route[] => [
  ...caseRoutes(needs),
  ...learningRoutes(needs),
  ...runbookRoutes(needs),
];
