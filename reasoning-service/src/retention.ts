import { type Expiry, inboxExpiry, inboxVariable, removeRows, retentionDays, sql } from '@aetherius/shared/postgres';

/** How long what is kept of what was asked and learnt; cases are knowledge and stay. */
export const retentionVariables = {
  RETENTION_ANSWERS_DAYS: retentionDays(365, 'What each incident was answered, for learning from its end'),
  RETENTION_FEEDBACK_DAYS: retentionDays(730, 'How diagnoses turned out; after 90 days an end counts half'),
  RETENTION_WATCHES_DAYS: retentionDays(30, 'What detectors know of a metric that nobody sends any more'),
  RETENTION_LLM_CALLS_DAYS: retentionDays(90, 'Calls of the language model and what they cost', 2),
  ...inboxVariable,
};
type Days = Record<keyof typeof retentionVariables, number>;

const byTime = (what: string, { key, column, days }: { key: string; column: string; days: number }): Expiry => ({
  what,
  days,
  remove: removeRows({
    table: what,
    key: [key],
    expired: (before) => sql`${sql.raw(column)} < ${before}`,
  }),
});

/** What the reasoning service lets go of, and when. */
export const reasoningExpiries = (days: Days): Expiry[] => [
  byTime('answered', { key: 'incident_id', column: 'at', days: days.RETENTION_ANSWERS_DAYS }),
  byTime('forecast_answer', { key: 'request_id', column: 'at', days: days.RETENTION_ANSWERS_DAYS }),
  byTime('feedback', { key: 'id', column: 'at', days: days.RETENTION_FEEDBACK_DAYS }),
  byTime('detector', { key: 'id', column: 'last_at', days: days.RETENTION_WATCHES_DAYS }),
  byTime('llm_call', { key: 'id', column: 'at', days: days.RETENTION_LLM_CALLS_DAYS }),
  inboxExpiry(days.RETENTION_INBOX_DAYS),
];
