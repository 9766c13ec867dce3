import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { builtHelm, render } from '../src/charts/helm.ts';
import type { ChartObject } from '../src/charts/objects.ts';
import { root } from '../src/run.ts';
import { containersIn, ofKind, plane, withHelm } from './rendered-charts.ts';

const inside = { postgres: { bundled: { enabled: true } }, redis: { existingSecret: 'r' } };
const scaled = (maxReplicas: number) => ({ autoscaling: { enabled: true, maxReplicas } });

/** How many connections a pod of a service opens, by its own program. */
function poolOf(service: string): number {
  const most = (file: string, words: RegExp) => words.exec(readFileSync(join(root, file), 'utf8'))?.[1];
  const usual = most('shared/src/postgres/pool.ts', /\bmax = (\d+)/);
  return Number(most(`${service}/src/main.ts`, /openPool\(\{[^}]*\bmax: (\d+)/) ?? usual);
}

withHelm('connections to the database', () => {
  const allowed = (objects: readonly ChartObject[]) =>
    Number(/max_connections=(\d+)/.exec(JSON.stringify(containersIn(ofKind(objects, 'StatefulSet'))))?.[1]);

  it('are as many in the bundled one as pods may open, one more of each service while it is rolled out', async () => {
    const [manager, orchestrator, reasoning] = ['agent-manager', 'orchestrator-service', 'reasoning-service'].map(
      poolOf,
    );
    const values = { ...inside, manager: scaled(6), orchestrator: scaled(8), reasoning: { replicaCount: 3 } };
    const wanted = 7 * (manager ?? NaN) + 9 * (orchestrator ?? NaN) + 4 * (reasoning ?? NaN);
    expect(allowed(await plane(values))).toBe(wanted + 10);
  });

  it('are as many as Postgres allows anyway where that is enough', async () => {
    expect(allowed(await plane(inside))).toBe(100);
  });

  it('are told of where the database is another', async () => {
    const values = { nats: { url: 'tls://b:4222' }, orchestrator: scaled(8) };
    // Helm shows its notes where it installs alone, so they are rendered by the words of a template of the chart.
    const said = await render(builtHelm() ?? '', {
      chart: 'aetherius',
      values: { ...values, extraObjects: ['connections: {{ include "aetherius.databaseConnections" . }}'] },
    });
    expect(said).toContain('connections: 230');
    expect(readFileSync(join(root, 'deployments/charts/aetherius/templates/NOTES.txt'), 'utf8')).toContain(
      'aetherius.databaseConnections',
    );
  });
});

withHelm('the Jobs that migrate', () => {
  /** What `helm install` and `helm upgrade` wait for without a flag. */
  const HELM_WAITS_SECONDS = 300;

  it('end before Helm gives up on them', async () => {
    const jobs = ofKind(await plane(), 'Job') as (ChartObject & { spec: { activeDeadlineSeconds: number } })[];
    expect(jobs.length).toBe(3);
    for (const { spec } of jobs) expect(spec.activeDeadlineSeconds).toBeLessThan(HELM_WAITS_SECONDS);
  });
});
