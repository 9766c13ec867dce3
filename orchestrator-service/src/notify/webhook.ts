import type { Logger } from '@aetherius/shared/log';
import { type Db, withTransaction } from '@aetherius/shared/postgres';
import { type Clock, type Loop, startLoop } from '@aetherius/shared/service';
import { type DueNotification, notificationStore } from './notification-store.ts';
import { signatureOf } from './signature.ts';

type Webhook = { url: string; secret: string | undefined };
type Needs = { db: Db; webhook: Webhook; clock: Clock; log: Logger };

const MAX_ATTEMPTS = 8;
const TIMEOUT_MS = 5_000;

/** Sends what is pending to the webhook until it is accepted or given up. */
export const startWebhook = (needs: Needs): Loop =>
  startLoop({
    name: 'webhook',
    every: 1_000,
    log: needs.log,
    run: async () => {
      while (await sendNext(needs));
    },
  });

const sendNext = ({ db, webhook, clock, log }: Needs): Promise<boolean> =>
  withTransaction(db, async (tx) => {
    const due = await notificationStore.takeDue(tx);
    if (due === undefined) return false;
    const problem = await post(webhook, due, clock);
    if (problem === undefined) await notificationStore.sent(tx, due.id);
    else {
      const last = due.attempts + 1 >= MAX_ATTEMPTS;
      await notificationStore.failed(tx, { id: due.id, problem, last });
      log.warn({ run_id: due.run_id, problem, last }, 'a notification was not accepted');
    }
    return true;
  });

/** What went wrong, or undefined. The id stays the same over all attempts, so a receiver can drop repetitions. */
async function post({ url, secret }: Webhook, due: DueNotification, clock: Clock): Promise<string | undefined> {
  const { id, run_id, severity, message, created_at, incident } = due;
  const body = JSON.stringify({ id, run_id, severity, message, created_at, incident });
  const timestamp = String(Math.floor(clock.now().getTime() / 1000));
  const signature = secret === undefined ? {} : { 'x-aetherius-signature': signatureOf(secret, { timestamp, body }) };
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-aetherius-timestamp': timestamp, ...signature },
      body,
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    await response.body?.cancel();
    return response.ok ? undefined : `the webhook answered ${response.status}`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
