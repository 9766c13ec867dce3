import type { ObjectRef } from '@aetherius/shared/contracts';
import type { KubeClient } from '../../kube/client.ts';
import { pathOf } from '../kinds.ts';
import { done, type Outcome } from '../outcome.ts';
import { trimmed } from './trimmed.ts';

/** Reads one object. */
export const getObject = async (client: KubeClient, target: ObjectRef): Promise<Outcome> =>
  done({ object: trimmed(await client.get(pathOf(target))) });
