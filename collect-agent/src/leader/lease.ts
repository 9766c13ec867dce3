import type { Json } from '@aetherius/shared/contracts';
import type { Clock } from '@aetherius/shared/service';
import type { KubeClient } from '../kube/client.ts';
import { hasCode } from '../kube/kube-error.ts';
import type { Contender } from './leadership.ts';

type Lease = {
  metadata: { resourceVersion?: string } & Record<string, Json>;
  spec?: { holderIdentity?: string | null; renewTime?: string | null; leaseTransitions?: number | null };
};
type Place = { client: KubeClient; namespace: string; identity: string; clock: Clock };

const LEASE_NAME = 'aetherius-collect-agent';
/** A lease that did not change for this long has no holder any more. */
const LEASE_MS = 15_000;
/** A holder that could not renew for this long has stopped by itself: before anybody else may take the lease. */
const RENEW_DEADLINE_MS = 10_000;

/**
 * A contender for the one lease of a cluster's agents.
 * 1. Leading is counted from *before* the request that renewed, and ends 5 s before anybody else may take over.
 * 2. Whether another's lease has run out is judged by how long it did not change on our own monotonic clock, never by the
 *    times in it: the clocks of two machines need not agree.
 * 3. Every write names the resource version that was read, so of two that take over at once one gets a conflict.
 */
export function createLeaseContender({ client, namespace, identity, clock }: Place): Contender {
  const collection = `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases`;
  const path = `${collection}/${LEASE_NAME}`;
  let leadsUntil = Number.NEGATIVE_INFINITY;
  let seen = { version: '', at: 0 };

  const create = async (asked: number) => {
    const body = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { name: LEASE_NAME, namespace } };
    await client.post(collection, { ...body, spec: specOf(undefined, identity, clock) });
    leadsUntil = asked + RENEW_DEADLINE_MS;
  };
  const take = async (lease: Lease, asked: number) => {
    await client.put(path, { ...lease, spec: specOf(lease, identity, clock) } as Json);
    leadsUntil = asked + RENEW_DEADLINE_MS;
  };
  const isFree = (lease: Lease): boolean => {
    const { holderIdentity } = lease.spec ?? {};
    if (!holderIdentity || holderIdentity === identity) return true;
    const version = lease.metadata.resourceVersion ?? '';
    if (version !== seen.version) seen = { version, at: clock.monotonic() };
    return clock.monotonic() - seen.at > LEASE_MS;
  };
  const read = async (): Promise<Lease | undefined> => {
    try {
      return (await client.get(path)) as unknown as Lease;
    } catch (error) {
      if (hasCode(error, 404)) return undefined;
      throw error;
    }
  };
  return {
    leading: () => clock.monotonic() < leadsUntil,
    tick: async () => {
      const asked = clock.monotonic();
      const lease = await read();
      if (lease !== undefined && !isFree(lease)) {
        // Another one holds it: whatever we believed, we lead no longer.
        leadsUntil = Number.NEGATIVE_INFINITY;
        return;
      }
      await (lease === undefined ? create(asked) : take(lease, asked)).catch((error: unknown) => {
        if (!hasCode(error, 409)) throw error;
      });
    },
    release: async () => {
      leadsUntil = Number.NEGATIVE_INFINITY;
      const lease = await read();
      if (lease?.spec?.holderIdentity !== identity) return;
      await client.put(path, {
        ...lease,
        spec: { ...lease.spec, holderIdentity: '', leaseDurationSeconds: 1 },
      } as Json);
    },
  };
}

function specOf(lease: Lease | undefined, identity: string, clock: Clock): Json {
  const { holderIdentity, leaseTransitions } = lease?.spec ?? {};
  const now = clock.now().toISOString().replace('Z', '000Z');
  const same = holderIdentity === identity;
  return {
    ...(lease?.spec as Record<string, Json> | undefined),
    holderIdentity: identity,
    leaseDurationSeconds: LEASE_MS / 1000,
    renewTime: now,
    ...(same ? {} : { acquireTime: now, leaseTransitions: lease === undefined ? 0 : (leaseTransitions ?? 0) + 1 }),
  };
}
