import type { Command, JsonObject } from '@aetherius/shared/contracts';
import type { KubeClient } from '../../kube/client.ts';
import { hasCode } from '../../kube/kube-error.ts';
import { hashOf } from '../hash-of.ts';
import { pathOf } from '../kinds.ts';
import { asKubeObject } from '../kube-object.ts';
import { done, type Outcome, refused } from '../outcome.ts';
import { type RefusalOf, surroundingsOf } from '../surroundings.ts';

type Removal = {
  client: KubeClient;
  command: Command;
  refusalOf: RefusalOf;
};
type Removing = Removal & { remove: (path: string, options: JsonObject) => Promise<unknown> };

/** Deletes exactly the pod that was meant, whatever a disruption budget says. */
export const deletePod = ({ graceSeconds, ...removal }: Removal & { graceSeconds: number | undefined }) =>
  removePod({
    ...removal,
    remove: (path, options) =>
      removal.client.delete(path, {
        ...options,
        ...(graceSeconds === undefined ? {} : { gracePeriodSeconds: graceSeconds }),
      }),
  });

/** Has the API server remove exactly the pod that was meant, which it does only as far as the disruption budgets allow. */
export async function evictPod(removal: Removal): Promise<Outcome> {
  const { name, namespace } = removal.command.target;
  const eviction = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name, namespace } };
  try {
    return await removePod({
      ...removal,
      remove: (path, deleteOptions) => removal.client.post(`${path}/eviction`, { ...eviction, deleteOptions }),
    });
  } catch (error) {
    if (hasCode(error, 429)) return refused('disruption_budget');
    throw error;
  }
}

/** A removed pod can carry no mark: gone, or another uid in its place, means done. */
async function removePod({ client, command, refusalOf, remove }: Removing): Promise<Outcome> {
  const path = pathOf(command.target);
  const { uid } = command.target;
  const before = { uid };
  const changed = { before, after: { uid: null }, hash: hashOf(before) };
  if (command.expected !== null && command.expected !== changed.hash) return { ...refused('changed_since'), changed };
  const pod = await unlessGone(client.get(path));
  const target = pod === undefined ? undefined : asKubeObject(pod);
  if (target === undefined || target.metadata.uid !== uid) return done({ already_done: true });
  const reason = refusalOf(target, await surroundingsOf(client, target));
  if (reason !== undefined) return refused(reason);
  const options = {
    apiVersion: 'v1',
    kind: 'DeleteOptions',
    preconditions: { uid },
    ...(command.dry_run ? { dryRun: ['All'] } : {}),
  };
  await unlessGone(remove(path, options));
  return done({ undo: null, dry_run: command.dry_run }, changed);
}

/** 404 is gone; 409 is the precondition's no: another pod of this name stands there. */
async function unlessGone<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (hasCode(error, 404) || hasCode(error, 409)) return undefined;
    throw error;
  }
}
