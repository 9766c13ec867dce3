import { z } from 'zod';
import { AetheriusError } from '../errors/index.ts';
import { createLogger } from '../log/index.ts';
import { LogLevel, levelIn, loadConfig, requireNode } from '../service/index.ts';
import { databaseOf, databaseVariables } from './database-variables.ts';
import { migrate } from './migrate.ts';
import { openPool } from './pool.ts';

type Migrating = {
  service: string;
  /** The schema of the service unless DATABASE_SCHEMA names another. */
  schema: string;
  folder: URL;
  environment: Record<string, string | undefined>;
};

/** Brings the tables of one service up to date and ends: for a job that runs before a new version starts. Answers the exit code. */
export async function migrateCommand({ service, schema, folder, environment }: Migrating): Promise<number> {
  const log = createLogger(service, levelIn(environment));
  try {
    requireNode();
    const config = loadConfig(z.object({ ...databaseVariables(schema), LOG_LEVEL: LogLevel }), environment);
    const db = await openPool({ ...databaseOf(config), max: 1, log });
    await migrate({ db, folder, log }).finally(() => db.stop());
    log.info({ schema: config.DATABASE_SCHEMA }, 'the database is up to date');
    return 0;
  } catch (err) {
    log.fatal(err instanceof AetheriusError ? { code: err.code, reason: err.message } : { err }, 'could not migrate');
    return 1;
  }
}
