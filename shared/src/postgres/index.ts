export { addressProblem, hasEmptyPassword, readAddress } from './database-address.ts';
export { databaseOf, databaseVariables } from './database-variables.ts';
export { firstTime, firstTimes } from './inbox.ts';
export { migrate } from './migrate.ts';
export { migrateCommand } from './migrate-command.ts';
export {
  enqueue,
  enqueueAll,
  enqueueRequest,
  type OutboxRow,
  type Outgoing,
  type RequestOutcome,
  type Sender,
  startOutboxRelay,
} from './outbox.ts';
export { type Db, openPool, type Tx } from './pool.ts';
export {
  type Expiry,
  inboxExpiry,
  inboxVariable,
  prune,
  removeRows,
  retentionDays,
  startPruning,
} from './prune.ts';
export { type Query, sql } from './sql.ts';
export { withTransaction } from './transaction.ts';
