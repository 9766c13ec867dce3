import type { Command } from '@aetherius/shared/contracts';
import type { KubeClient } from '../../kube/client.ts';
import { hasCode } from '../../kube/kube-error.ts';
import { hashOf } from '../hash-of.ts';
import { pathOf } from '../kinds.ts';
import { asKubeObject, type KubeObject } from '../kube-object.ts';
import { done, type Outcome, refused } from '../outcome.ts';

type Deletion = {
  client: KubeClient;
  command: Command;
  graceSeconds: number | undefined;
  refusalOf: (target: KubeObject) => string | undefined;
};

/** Deletes exactly the pod that was meant. A deleted pod can carry no mark: gone, or another uid in its place, means done. */
export async function deletePod({ client, command, graceSeconds, refusalOf }: Deletion): Promise<Outcome> {
  const path = pathOf(command.target);
  const { uid } = command.target;
  const before = { uid };
  const changed = { before, after: { uid: null }, hash: hashOf(before) };
  if (command.expected !== null && command.expected !== changed.hash) return { ...refused('changed_since'), changed };
  const pod = await unlessGone(client.get(path));
  const target = pod === undefined ? undefined : asKubeObject(pod);
  if (target === undefined || target.metadata.uid !== uid) return done({ already_done: true });
  const reason = refusalOf(target);
  if (reason !== undefined) return refused(reason);
  const options = {
    apiVersion: 'v1',
    kind: 'DeleteOptions',
    preconditions: { uid },
    ...(graceSeconds === undefined ? {} : { gracePeriodSeconds: graceSeconds }),
    ...(command.dry_run ? { dryRun: ['All'] } : {}),
  };
  await unlessGone(client.delete(path, options));
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
