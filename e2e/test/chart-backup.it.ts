import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import type { ChartObject } from '../src/charts/objects.ts';
import { root } from '../src/run.ts';
import { ofKind, plane, rendered, specsOf, withHelm } from './rendered-charts.ts';

const nightly = { backup: { schedule: '15 2 * * *', existingClaim: 'backups' } };
const cronJobs = (objects: readonly ChartObject[]) => ofKind(objects, 'CronJob');
const podOf = ({ spec }: ChartObject) => spec?.jobTemplate?.spec.template.spec;

withHelm('the pods of a backup', () => {
  it('are left alone by service meshes, and let out to the database where a NetworkPolicy shuts the rest', async () => {
    const networkPolicy = { enabled: true, egressPorts: [6432] };
    const objects = await plane({ ...nightly, networkPolicy, podLabels: { team: 'sre' } });
    const templates = (specsOf(objects, 'CronJob') as { jobTemplate: { spec: { template: object } } }[]).map(
      ({ jobTemplate }) => jobTemplate.spec.template,
    );
    const labels = { 'sidecar.istio.io/inject': 'false', team: 'sre', 'app.kubernetes.io/component': 'backup' };
    const annotations = { 'linkerd.io/inject': 'disabled' };
    for (const template of templates) expect(template).toMatchObject({ metadata: { labels, annotations } });
    const policies = ofKind(objects, 'NetworkPolicy').filter(({ metadata }) => metadata.name === 'aetherius-backup');
    expect(policies[0]?.metadata.annotations).toBeUndefined();
    expect(JSON.stringify(policies)).toMatch(/"values":\["backup"\].*"port":6432/);
  });
});

withHelm('the backup of the database', () => {
  it('is not there unless it has a schedule', async () => {
    expect(cronJobs(await plane({}))).toEqual([]);
  });

  it('runs by the clock, and a restore only when somebody asks for it', async () => {
    const [backup, restore] = cronJobs(await plane(nightly));
    expect(backup).toMatchObject({
      metadata: { name: 'aetherius-backup' },
      spec: { schedule: '15 2 * * *', concurrencyPolicy: 'Forbid' },
    });
    expect(backup?.spec).not.toHaveProperty('suspend');
    expect(restore).toMatchObject({ metadata: { name: 'aetherius-restore' }, spec: { suspend: true } });
  });

  it('carries the script that is tested on a real Postgres, and keeps what it writes on the claim', async () => {
    const objects = await plane(nightly);
    const script = readFileSync(join(root, 'deployments/charts/aetherius/files/database.sh'), 'utf8');
    expect(
      objects.find(({ metadata, kind }) => kind === 'ConfigMap' && metadata.name === 'aetherius-backup')?.data,
    ).toEqual({
      'database.sh': script,
    });
    for (const job of cronJobs(objects)) {
      const pod = podOf(job);
      expect(pod?.volumes).toContainEqual({ name: 'backups', persistentVolumeClaim: { claimName: 'backups' } });
      expect(pod?.containers[0]?.env).toContainEqual({ name: 'BACKUP_FOLDER', value: '/backups' });
    }
  });
});

withHelm('the pods of a backup', () => {
  it('reach the database as a user of their own, with passwords that change', async () => {
    const [backup] = cronJobs(
      await plane({
        database: { existingSecret: 'db', passwordSecret: 'passwords' },
        backup: { ...nightly.backup, databaseKey: 'administrator' },
      }),
    );
    const env = backup === undefined ? [] : podOf(backup)?.containers[0]?.env;
    expect(env).toContainEqual({
      name: 'DATABASE_URL',
      valueFrom: { secretKeyRef: { name: 'db', key: 'administrator' } },
    });
    expect(env).toContainEqual({ name: 'DATABASE_PASSWORD_FILE', value: '/etc/aetherius/database/password' });
  });

  it('see no password but those of their own user, and neither does a service', async () => {
    const key = (databasePasswordKey: string) => ({ databasePasswordKey });
    const objects = await plane({
      database: { passwordSecret: 'passwords' },
      manager: key('manager'),
      reasoning: key('reasoning'),
      backup: { ...nightly.backup, ...key('administrator') },
    });
    const keysOf = (suffix: string) =>
      objects
        .filter(({ metadata }) => metadata.name.endsWith(suffix))
        .flatMap(({ spec }) => (spec?.template ?? spec?.jobTemplate?.spec.template)?.spec.volumes ?? [])
        .filter((volume) => JSON.stringify(volume).includes('"passwords"'))
        .map((volume) => /"key":"([\w-]+)"/.exec(JSON.stringify(volume))?.[1]);
    expect(keysOf('agent-manager')).toEqual(['manager']);
    expect(keysOf('agent-manager-migrate')).toEqual(['manager']);
    expect(keysOf('orchestrator-service')).toEqual(['password']);
    expect(keysOf('reasoning-service')).toEqual(['reasoning']);
    expect(keysOf('aetherius-backup')).toEqual(['administrator']);
  });

  it('take their image from the registry of all, and leave ids to OpenShift', async () => {
    const values = { ...nightly, global: { imageRegistry: 'registry.local:5000' } };
    for (const job of cronJobs(await plane(values)))
      expect(podOf(job)?.containers[0]?.image).toMatch(/^registry\.local:5000\/library\/postgres:/);
    const args = ['--api-versions', 'security.openshift.io/v1'];
    const open = await rendered('aetherius', nightly, { args });
    for (const job of cronJobs(open)) expect(podOf(job)?.securityContext).not.toHaveProperty('runAsUser');
  });
});
