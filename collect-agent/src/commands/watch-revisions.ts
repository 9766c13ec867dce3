import type { Json } from '@aetherius/shared/contracts';
import type { Logger } from '@aetherius/shared/log';
import { type Clock, startLoop } from '@aetherius/shared/service';
import type { KubeClient } from '../kube/client.ts';
import { type Listener, startInformer } from '../watch/informer.ts';
import { inNamespaces } from '../watch/kinds.ts';
import type { ReplicaSet } from './actions/pick-revision.ts';
import { listPath } from './kinds.ts';
import { asKubeObject } from './kube-object.ts';
import type { RevisionMemory } from './revision-memory.ts';

type Needs = { client: KubeClient; namespaces: readonly string[]; memory: RevisionMemory; clock: Clock; log: Logger };
type Revision = { metadata: { name: string; uid: string }; wanted: number; ready: number };

/** `synced` once the revisions that are there have been seen. */
export type RevisionWatch = { synced: () => boolean; stop: () => Promise<void> };

const SAVE_MS = 2_000;

/**
 * Notes each revision's health while it lasts: after a bad rollout nothing in the cluster tells which old revision worked.
 * A watch, because an old revision may be scaled away within a second of the new one coming up.
 */
export function watchRevisions({ client, namespaces, memory, clock, log }: Needs): RevisionWatch {
  const listener: Listener<Revision> = {
    onPut: ({ metadata, wanted, ready }) => memory.note({ uid: metadata.uid, wanted, ready }),
    onGone: ({ metadata }) => memory.forget(metadata.uid),
  };
  const everywhere = { name: 'revisions', path: listPath('ReplicaSet', null), kept: true, read: revisionIn };
  const informers = inNamespaces([everywhere], namespaces).map((kind) =>
    startInformer<Revision>({ client, clock, log, kind, listener }),
  );
  const saving = startLoop({ name: 'revision-memory', every: SAVE_MS, run: memory.save, log });
  return {
    synced: () => informers.every(({ synced }) => synced),
    stop: async () => {
      await Promise.all(informers.map((informer) => informer.stop()));
      await saving.stop();
      await memory.save();
    },
  };
}

function revisionIn(raw: Json): Revision | undefined {
  const replicaSet = asKubeObject<ReplicaSet>(raw);
  if (replicaSet === undefined) return undefined;
  const { name, namespace, uid, resourceVersion } = replicaSet.metadata;
  const metadata = { name, uid, resourceVersion, ...(namespace === undefined ? {} : { namespace }) };
  return { metadata, wanted: replicaSet.spec.replicas ?? 1, ready: replicaSet.status?.readyReplicas ?? 0 };
}
