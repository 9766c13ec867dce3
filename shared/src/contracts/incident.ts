import { z } from 'zod';
import { Bundle } from './bundle.ts';
import { Category, Diagnosis } from './diagnosis.ts';
import { ClusterId, maybe, Severity, Subject, Timestamp } from './fields.ts';

export const IncidentState = z.enum([
  'open',
  'explaining',
  'awaiting_approval',
  'repairing',
  'verifying',
  'resolved',
  'escalated',
  'stale',
]);
export type IncidentState = z.infer<typeof IncidentState>;

/** All that was noticed about one broken thing. `episode` counts its re-openings. */
export const Incident = z.object({
  id: z.string(),
  cluster_id: ClusterId,
  fingerprint: z.string(),
  severity: Severity,
  category: maybe(Category),
  state: IncidentState,
  reasons: z.array(z.string()),
  subject: Subject,
  diagnosis: maybe(Diagnosis),
  action: maybe(z.string()),
  outcome: maybe(z.string()),
  opened_at: Timestamp,
  last_seen_at: Timestamp,
  closed_at: maybe(Timestamp),
  episode: z.int().positive(),
  hits: z.int().nonnegative(),
  events: z.int().nonnegative(),
});
export type Incident = z.infer<typeof Incident>;

/** One change of an incident, told to the orchestrator with the richest evidence there is: nobody downstream may ask for it. */
export const InternalEvent = z.object({
  incident_id: z.string(),
  episode: z.int().positive(),
  phase: z.enum(['opened', 'changed', 'cleared', 'merged']),
  cluster_id: ClusterId,
  severity: Severity,
  reason: z.string(),
  reasons: z.array(z.string()).default([]),
  subject: Subject,
  at: Timestamp,
  bundle: maybe(Bundle),
});
export type InternalEvent = z.infer<typeof InternalEvent>;

/** How far a run has come; a revision not above the last is ignored. */
export const RunProgress = z.object({
  incident_id: z.string(),
  episode: z.int().positive(),
  run_id: z.string(),
  revision: z.int().nonnegative(),
  phase: z.enum(['explaining', 'awaiting_approval', 'repairing', 'verifying', 'resolved', 'escalated']),
  diagnosis: maybe(Diagnosis),
  action: maybe(z.string()),
  outcome: maybe(z.enum(['verified', 'contained', 'rolled_back', 'not_repaired', 'cancelled', 'failed'])),
  note: maybe(z.string()),
  at: Timestamp,
});
export type RunProgress = z.infer<typeof RunProgress>;
