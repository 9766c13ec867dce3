import { anyOf } from './any-of.ts';

/** How frameworks and their tools tell that a database is not at the schema that a program wants, each in its own sentence. */
const behind = anyOf(
  // Rails, Django, Ecto, Doctrine.
  /\bMigrations are pending\b|\bPendingMigrationError\b|\bYou have [1-9]\d{0,5} (?:unapplied|pending) migration/,
  /\bYou have [1-9]\d{0,5} (?:available|new) migrations? to execute|\bdatabase schema is not (?:up to date|in sync)\b/i,
  // Flyway, Liquibase.
  /\bFlywayValidateException\b|\bValidate failed: |\bDetected (?:failed migration|resolved migration not applied|applied migration not resolved)\b|\bMigration checksum mismatch\b/,
  /\bliquibase\.exception\.(?:ValidationFailed|MigrationFailed)Exception\b|\bValidation Failed:\s+\d+ changesets?\b/i,
  // Prisma, Alembic, golang-migrate, Entity Framework, Hibernate.
  /\bP30(?:05|09|18)\b|\bmigrations? (?:has|have) not yet been applied\b/,
  /\bTarget database is not up to date\b|\bCan't locate revision identified by\b|\bDirty database version \d/,
  /\bPendingModelChangesWarning\b|\bSchema-validation: (?:missing|wrong)\b/,
);

/** Whether a text tells that the schema of a database is not the one that a program wants. */
export const isSchemaBehind = (text: string): boolean => behind.test(text);
