import { Action } from '@aetherius/shared/contracts';
import { z } from 'zod';

/** What the owner of a cluster lets the agent do there; a local file, so no service can widen it. */
export const Policy = z.strictObject({
  actions: z.array(Action).default([...Action.options]),
  namespaces: z.array(z.string().min(1)).nullable().default(null),
  protected_namespaces: z.array(z.string().min(1)).default([]),
});
export type Policy = z.infer<typeof Policy>;

/** Namespaces that no command changes, whatever a policy file says. */
export const systemNamespaces: readonly string[] = ['kube-system', 'kube-public', 'kube-node-lease'];
