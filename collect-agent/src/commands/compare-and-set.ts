import type { Command, Json } from '@aetherius/shared/contracts';
import type { KubeClient } from '../kube/client.ts';
import { hasCode, KubeError } from '../kube/kube-error.ts';
import { type ChangePlan, isNoPlan, type NoPlan } from './change-plan.ts';
import { hashOf } from './hash-of.ts';
import { hasMark, writeOf } from './json-patch.ts';
import { pathOf } from './kinds.ts';
import { asKubeObject, type KubeObject } from './kube-object.ts';
import { done, failed, type Outcome, refused, unknown } from './outcome.ts';
import { shownChange } from './shown-change.ts';
import { type RefusalOf, surroundingsOf } from './surroundings.ts';

type Setting<T extends KubeObject> = {
  client: KubeClient;
  command: Command;
  plan: (target: T) => ChangePlan | NoPlan | Promise<ChangePlan | NoPlan>;
  refusalOf: RefusalOf;
};

const ATTEMPTS = 6;

/**
 * Changes an object only as it was meant to be changed.
 * 1. The target is read, and its uid and the before values of the fields to change are compared with what the command expects.
 * 2. The write names the resource version that was read; a status update in between makes it fail, and then all starts anew.
 * 3. The command's mark goes into the same request, so whoever finds the mark knows that the change was made.
 */
export async function compareAndSet<T extends KubeObject>(setting: Setting<T>): Promise<Outcome> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const target = await readTarget<T>(setting);
    if (target === undefined) return failed('target_not_found');
    const outcome = await setOnce(setting, target);
    if (outcome !== 'conflict') return outcome;
  }
  return failed('too_many_conflicts');
}

async function readTarget<T extends KubeObject>({ client, command: { target } }: Setting<T>): Promise<T | undefined> {
  try {
    const object = asKubeObject<T>(await client.get(pathOf(target)));
    // A successor of the same name is another object: what was found out about the first does not hold for it.
    return target.uid === null || object?.metadata.uid === target.uid ? object : undefined;
  } catch (error) {
    if (hasCode(error, 404)) return undefined;
    throw error;
  }
}

async function setOnce<T extends KubeObject>(setting: Setting<T>, target: T): Promise<Outcome | 'conflict'> {
  const { client, command, plan, refusalOf } = setting;
  if (hasMark(target, command.id)) return done({ already_done: true });
  const planned = await plan(target);
  if (isNoPlan(planned)) return refused(planned.problem);
  const hash = hashOf(planned.before);
  const changed = { before: shownChange(planned.before), after: shownChange(planned.after), hash };
  if (command.expected !== null && command.expected !== hash) {
    return { ...refused('changed_since', { expected: command.expected }), changed };
  }
  const reason = refusalOf(target, await surroundingsOf(client, target));
  if (reason !== undefined) return refused(reason);
  const problem = await write(setting, target, planned);
  if (problem !== undefined) return problem;
  return done({ ...planned.output, undo: planned.undo, dry_run: command.dry_run }, changed);
}

async function write<T extends KubeObject>(
  { client, command }: Setting<T>,
  target: T,
  { change }: ChangePlan,
): Promise<Outcome | 'conflict' | undefined> {
  const patch = writeOf({ object: target, id: command.id, change }) as Json;
  const query = { fieldManager: 'aetherius', dryRun: command.dry_run ? 'All' : undefined };
  try {
    await client.patch(pathOf(command.target), 'application/json-patch+json', patch, query);
    return undefined;
  } catch (error) {
    if (hasCode(error, 409)) return 'conflict';
    if (error instanceof KubeError && error.code === 0 && !command.dry_run) return afterSilence(client, command, error);
    throw error;
  }
}

/** The answer to a write got lost. Only the mark can tell that it arrived; its absence proves nothing, the request may still be on its way. */
async function afterSilence(client: KubeClient, command: Command, silence: KubeError): Promise<Outcome> {
  const answer = await client.get(pathOf(command.target)).catch(() => null);
  const target = asKubeObject(answer);
  if (target !== undefined && hasMark(target, command.id)) return done({ already_done: true });
  return unknown(`no_answer_to_the_write: ${silence.message}`);
}
