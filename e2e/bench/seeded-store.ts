import { readFileSync } from 'node:fs';
import { Category, Diagnosis } from '@aetherius/shared/contracts';
import { type Db, sql, withTransaction } from '@aetherius/shared/postgres';
import { z } from 'zod';
import { readFaults } from './fault-library.ts';

type Sizes = { rows: number; incidents: number };

const CLUSTERS = 200;
const NAMESPACES = 20;
const NAMES = 50;
/** Events lie in the days that the manager has made partitions of. */
const DAYS = 7;
const OPEN = 500;
const REASONS = [
  'BackOff',
  'Unhealthy',
  'FailedScheduling',
  'FailedMount',
  'ScalingReplicaSet',
  'OOMKilling',
  'Evicted',
  'NodeNotReady',
];
const KINDS = ['Deployment', 'StatefulSet', 'DaemonSet', 'Job'];

const sample = new URL('../../shared/src/contracts/samples/answer.json', import.meta.url);
const diagnosis = () => z.object({ diagnosis: Diagnosis }).parse(JSON.parse(readFileSync(sample, 'utf8'))).diagnosis;

/** Fills the manager's own tables as years of a fleet would have, each by one statement. */
export async function seedStore(db: Db, { rows, incidents }: Sizes): Promise<void> {
  await withTransaction(db, async (tx) => {
    await tx.run(sql`insert into cluster (id) select 'seed-' || c from generate_series(0, ${CLUSTERS - 1}::int) as c`);
    const bundles = readFaults().map(({ bundle }, at) => ({ hash: `seed-${at}`, body: bundle }));
    await tx.run(
      sql`insert into bundle (hash, body) select hash, body from jsonb_to_recordset(${sql.json(bundles)}::jsonb) as b (hash text, body jsonb)`,
    );
    await tx.run(events(rows, bundles.length));
    await tx.run(incidentRows(incidents, bundles.length));
    await tx.run(sql`
      insert into progress (incident_id, episode, run_id, revision, phase, at)
      select id, episode, run_id, r, (array['explaining', 'repairing', 'verifying', 'resolved'])[r], opened_at + r * interval '20 seconds'
        from incident cross join generate_series(1, 4) as r where id like 'seed-%'`);
  });
  await db.run(sql`vacuum analyze`);
}

/** Few clusters say most, as it is with fleets; one event in a hundred brought evidence. */
const events = (rows: number, bundles: number) => sql`
  insert into event (day, id, cluster_id, agent_id, type, signal, source, namespace, severity, reason, message, object, owner, node, count,
                     fingerprint, timestamp, reported_at, labels, bundle_hash, received_at)
  select at::date, encode(sha256(i::text::bytea), 'hex'), cluster, cluster || '-agent', 'k8s_event', case when i % 4 = 0 then 'info' else 'fault' end,
         'kubelet', 'team-' || ns, (array['low', 'medium', 'high', 'high', 'critical'])[1 + i % 5], (${REASONS}::text[])[1 + (i * 7 + i / 11) % ${REASONS.length}::int],
         'Back-off restarting failed container app in pod ' || name || '-' || i, jsonb_build_object('api_version', 'v1', 'kind', 'Pod', 'namespace', 'team-' || ns,
         'name', name || '-' || (i % 1000), 'uid', 'uid-' || i), jsonb_build_object('kind', kind, 'namespace', 'team-' || ns, 'name', name), 'worker-' || i % 9,
         1 + i % 30, cluster || '/team-' || ns || '/' || kind || '/' || name, at, at, '{}', case when i % 100 = 0 then 'seed-' || i % ${bundles}::int end, at
    from generate_series(1, ${rows}::int) as i
   cross join lateral (select now() - interval '1 second' * (${DAYS - 1}::int * 86400.0 * (1 - i::float8 / ${rows}::int)) as at,
          'seed-' || floor(power(((i::bigint * 7919) % 10007) / 10007.0, 3) * ${CLUSTERS}::int)::int as cluster,
          (i * 31) % ${NAMESPACES}::int as ns, (${KINDS}::text[])[1 + (i * 13) % ${KINDS.length}::int] as kind, 'app-' || (i * 17) % ${NAMES}::int as name) as made`;

/** One in twenty things broke twice; the last few hundred are open. */
const incidentRows = (incidents: number, bundles: number) => sql`
  insert into incident (id, episode, cluster_id, fingerprint, subject, opened_at, last_seen_at, closed_at, severity, reasons, causes, nodes, hits,
                        events, evidence, state, category, diagnosis, action, outcome, run_id, clear_told, updated_at)
  select 'seed-' || thing, episode, cluster, cluster || '/' || ns || '/Deployment/app-' || thing,
         jsonb_build_object('kind', 'Deployment', 'namespace', ns, 'name', 'app-' || thing), at, at + interval '2 minutes',
         case when closed then at + interval '5 minutes' end, (array['critical', 'high'])[1 + i % 2],
         array[(${REASONS}::text[])[1 + i % ${REASONS.length}::int]], '[]', array['worker-' || i % 9], 5, 9,
         jsonb_build_object('hash', 'seed-' || i % ${bundles}::int, 'weight', 3, 'at', at), case when closed then 'resolved' else 'escalated' end,
         (${Category.options}::text[])[1 + i % ${Category.options.length}::int], ${diagnosis()}::jsonb, 'restart_workload',
         case when closed then 'verified' end, 'run-' || i, false, at + interval '5 minutes'
    from generate_series(1, ${incidents}::int) as i
   cross join lateral (select case when i % 20 = 0 then i - 1 else i end as thing, case when i % 20 = 0 then 2 else 1 end as episode,
          i <= ${incidents}::int - ${OPEN}::int as closed,
          now() - interval '1 second' * (180 * 86400.0 * (1 - i::float8 / ${incidents}::int)) as at) as made
   cross join lateral (select 'seed-' || thing % ${CLUSTERS}::int as cluster, 'team-' || thing % ${NAMESPACES}::int as ns) as placed`;
