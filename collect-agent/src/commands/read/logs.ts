import type { ObjectRef } from '@aetherius/shared/contracts';
import type { KubeClient } from '../../kube/client.ts';
import { pathOf } from '../kinds.ts';
import { done, type Outcome } from '../outcome.ts';

type Wanted = { container?: string | undefined; previous: boolean; tail_lines: number };
const LIMIT_BYTES = 200 * 1024;

/** The last lines of one container. */
export async function readLogs(client: KubeClient, target: ObjectRef, wanted: Wanted): Promise<Outcome> {
  const text = await client.text(`${pathOf(target)}/log`, {
    container: wanted.container,
    previous: wanted.previous,
    tailLines: wanted.tail_lines,
    limitBytes: LIMIT_BYTES,
    timestamps: true,
  });
  const lines = text.split('\n').filter((line) => line !== '');
  return done({ lines, previous: wanted.previous, cut: Buffer.byteLength(text) >= LIMIT_BYTES });
}
