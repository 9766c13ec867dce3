import { Timestamp } from '@aetherius/shared/contracts';
import { z } from 'zod';

const Texts = z.record(z.string().max(200), z.string().max(10_000));

/** One alert as Alertmanager tells it. */
export const Alert = z.object({
  status: z.enum(['firing', 'resolved']),
  labels: Texts.refine((labels) => (labels['alertname'] ?? '') !== '', { path: ['alertname'], message: 'is needed' }),
  annotations: Texts.default({}),
  startsAt: Timestamp,
  endsAt: Timestamp.describe('The year 1 while the alert fires'),
  fingerprint: z.string().min(1).max(100).describe('The same for each episode of one alert'),
});
export type Alert = z.infer<typeof Alert>;

/** What Alertmanager posts to a webhook, version 4; other fields are passed over. */
export const AlertMessage = z.object({ version: z.literal('4'), alerts: z.array(Alert).min(1).max(1_000) });
