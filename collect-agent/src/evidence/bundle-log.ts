import type { BundleLog } from '@aetherius/shared/contracts';

const MAX_LINE = 1_000;

export type LogSource = Pick<BundleLog, 'namespace' | 'pod' | 'container' | 'previous'>;

/** The last lines of a log; one that was read and is empty says something too: that there is no more to know. */
export function bundleLog({ namespace, pod, container, previous }: LogSource, text: string, most: number): BundleLog {
  const whole = text.trimEnd();
  const lines = whole === '' ? [] : whole.split('\n').slice(-most);
  return {
    id: `log:${namespace}/${pod}/${container}/${previous ? 'previous' : 'current'}`,
    namespace,
    pod,
    container,
    previous,
    lines: lines.map((line) => line.slice(0, MAX_LINE)),
  };
}
