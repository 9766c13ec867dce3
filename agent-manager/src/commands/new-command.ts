import { Action, ClusterId, Duration, JsonObject, ObjectRef, parametersOf, seconds } from '@aetherius/shared/contracts';
import { z } from 'zod';

/** Longest time that a person's question to a cluster may take. */
const LONGEST_SECONDS = 600;

/** Piped, because a refinement would also see what is no duration at all. */
const Patience = Duration.pipe(
  z
    .string()
    .refine(
      (text) => seconds(text) >= 1 && seconds(text) <= LONGEST_SECONDS,
      `must lie between 1s and ${LONGEST_SECONDS}s`,
    ),
);

/** A question to a cluster as a person sends it; what changes anything goes through a workflow. */
export const NewCommand = z
  .strictObject({
    cluster_id: ClusterId,
    action: Action.extract(['get', 'describe', 'events', 'logs', 'observe']),
    target: ObjectRef,
    parameters: JsonObject.default({}),
    expires_in: Patience.default('30s'),
  })
  .superRefine((command, context) => {
    const parameters = parametersOf[command.action].safeParse(command.parameters);
    for (const issue of parameters.error?.issues ?? [])
      context.addIssue({ code: 'custom', path: ['parameters', ...issue.path], message: issue.message });
  });
export type NewCommand = z.infer<typeof NewCommand>;
