import { parseQuantity } from './quantity.ts';
import type { Container, PodSpec } from './types.ts';

/** What a pod asks for: cores, bytes and whatever else is counted. */
export type Requests = Record<string, number>;

/** A container's requests; a limit without a request counts as one. */
const containerRequests = ({ resources }: Container): Record<string, string> => ({
  ...resources?.limits,
  ...resources?.requests,
});

/** The sum of what a pod's containers ask for. */
export function podRequests(spec: PodSpec): Requests {
  const sum: Requests = {};
  for (const container of spec.containers) {
    for (const [name, amount] of Object.entries(containerRequests(container))) {
      sum[name] = (sum[name] ?? 0) + parseQuantity(amount);
    }
  }
  return sum;
}
