import { anyOf } from './any-of.ts';
/** Why an autoscaler does not scale. */
export type ScalerProblem = { why: 'requests' | 'metrics' | 'target' | 'selector' | 'bounds'; words: string };

const requests = /missing request for (\S{1,60})(?: in container (\S{1,63}))?(?: of Pod (\S{1,253}))?/;
const problems: readonly { why: ScalerProblem['why']; pattern: RegExp }[] = [
  {
    why: 'selector',
    pattern:
      /selector (?:is required|.{0,40}cannot be parsed)|AmbiguousSelector|pods by selector .{1,200} are controlled by multiple/i,
  },
  {
    why: 'target',
    pattern:
      /(?:unable|failed) to get the target's current scale|could not find the scale|scale.{0,20}subresource|no matches for kind|(?:deployments|statefulsets|replicasets)(?:\.apps)?(?:\/scale(?:\.apps)?)? "[^"]{1,253}" not found/i,
  },
  {
    why: 'metrics',
    pattern: anyOf(
      /unable to (?:get|fetch) metrics|no metrics returned/i,
      /unable to get (?:external|pods|object) metric/i,
      /the server could not find the (?:requested resource|metric)|failed to get .{0,60}metric value/i,
      /did not receive metrics|no known available metric versions|metrics not available/i,
    ),
  },
];

/** Reads HPA events and conditions; want of requests before want of metrics, since the first often quotes the second. */
export function parseScaler(message: string): ScalerProblem | undefined {
  const missing = requests.exec(message);
  if (missing !== null)
    return { why: 'requests', words: `container ${missing[2] ?? 'of its target'} states no request for ${missing[1]}` };
  const found = problems.find(({ pattern }) => pattern.test(message));
  return found === undefined ? undefined : { why: found.why, words: message.slice(0, 300) };
}
