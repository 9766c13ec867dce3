import type { ObjectRef } from '@aetherius/shared/contracts';
import type { KubeClient } from '../../kube/client.ts';
import { pathOf } from '../kinds.ts';
import { done, type Outcome } from '../outcome.ts';
import { readable } from './readable.ts';

/** Reads one object. */
export const getObject = async (client: KubeClient, target: ObjectRef): Promise<Outcome> =>
  done({ object: readable(await client.get(pathOf(target))) });
