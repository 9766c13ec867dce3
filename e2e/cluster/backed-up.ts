import type { ApiClient } from '@aetherius/local';
import { eventually } from '../../shared/src/testing/eventually.ts';
import type { Pods } from './pods.ts';

const CLAIM = 'aetherius-backups';
const AFTER = 'after-the-backup';
const PLACE = 'kubectl -n aetherius';
const OF_BACKUP = '--selector app.kubernetes.io/component=backup';

type Keeping = Pods & {
  api: ApiClient;
  /** The chart and what goes with it, as `helm upgrade` takes it. */
  chart: string;
};

/** The commands of docs/operations.md: the CronJob writes a backup by the clock, and a Job of the other one puts it in place of what came later. */
export async function backedUp({ bed, shell, api, chart, standIns, report }: Keeping): Promise<string[]> {
  const spec = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } };
  const metadata = { name: CLAIM, namespace: 'aetherius' };
  await bed.kubectl.apply([{ apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata, spec }]);
  const image = standIns.postgres.replaceAll('postgres.bundled', 'backup');
  const values = `--set backup.schedule='* * * * *' --set backup.existingClaim=${CLAIM} ${image}`;
  await shell(`helm upgrade aetherius ${chart} --reuse-values ${values}`);
  await shell(`${PLACE} wait job ${OF_BACKUP} --for=create --timeout=3m`);
  // One is enough, and no later one may hold what the restore has to take back.
  await shell(`${PLACE} patch cronjob aetherius-backup --patch '{"spec": {"suspend": true}}'`);
  await shell(`${PLACE} wait job ${OF_BACKUP} --for=condition=Complete --timeout=3m`);
  report((await shell(`${PLACE} logs ${OF_BACKUP}`)).trim());

  await api.invite(AFTER);
  if (!(await knows(api))) return ['what came after the backup is not there to be taken back'];
  await shell(`${PLACE} scale deployment --selector app.kubernetes.io/instance=aetherius --replicas=0
    ${PLACE} create job restore --from=cronjob/aetherius-restore --dry-run=client -o yaml \\
      | kubectl set env --local --filename - RESTORE_REPLACE=yes -o yaml | kubectl create -f -
    ${PLACE} wait job/restore --for=condition=Complete --timeout=3m`);
  const told = await shell(`${PLACE} logs job/restore`);
  report(told.trim());
  await shell(`${PLACE} scale deployment --selector app.kubernetes.io/instance=aetherius --replicas=1
    ${PLACE} rollout status deployment --timeout=5m`);
  // The first request may meet a pod whose address the network here does not have yet.
  const isBack = await eventually(() => knows(api), { within: 30_000 });
  return [
    ...(isBack ? ['what came after the backup is still there'] : []),
    ...(/reasoning_service is restored/.test(told) ? [] : [`the Job said: ${told}`]),
  ];
}

const knows = async (api: ApiClient): Promise<boolean> => (await api.clusters()).some(({ id }) => id === AFTER);
