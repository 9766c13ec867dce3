import { Action } from '@aetherius/shared/contracts';
import { z } from 'zod';

// A name that none can have would protect nothing.
const namespaces = z.array(z.string().regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, 'must be a name of a namespace'));

/** What the owner of a cluster lets the agent do there; a local file, so no service can widen it. */
export const Policy = z.strictObject({
  actions: z.array(Action).default([...Action.options]),
  namespaces: namespaces.nullable().default(null),
  protected_namespaces: namespaces.default([]),
});
export type Policy = z.infer<typeof Policy>;

/** Namespaces that no command changes, whatever a policy file says. */
export const systemNamespaces: readonly string[] = ['kube-system', 'kube-public', 'kube-node-lease'];
