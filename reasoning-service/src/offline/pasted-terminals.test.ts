import { describe, expect, it } from '@jest/globals';
import { allInShort, inShort, pasted } from '../../test/pasted.ts';

const pending = `$ kubectl get pods -n data
NAME      READY   STATUS    RESTARTS   AGE
kafka-0   0/1     Pending   0          18m
$ kubectl describe pvc data-kafka-0 -n data
Name:          data-kafka-0
Namespace:     data
StorageClass:  fast-nvme
Status:        Pending
Volume:
Annotations:   <none>
Capacity:
Access Modes:
VolumeMode:    Filesystem
Used By:       kafka-0
Events:
  Type     Reason              Age                  From                         Message
  ----     ------              ----                 ----                         -------
  Warning  ProvisioningFailed  30s (x70 over 18m)   persistentvolume-controller  storageclass.storage.k8s.io "fast-nvme" not found
`;

describe('a copied terminal', () => {
  it('shows a claim and the pod that waits for it as one fault', () => {
    expect(allInShort(pasted({ 'x.txt': pending }))).toEqual([
      'pvc_storageclass_missing PersistentVolumeClaim data/data-kafka-0',
    ]);
  });

  it('shows a drain to its end without a word that could not be read', () => {
    const evict = 'error when evicting pods/"api-5d8c7b9f6d-2sdfg" -n "web"';
    const found = pasted({
      'x.txt': `$ kubectl drain n8 --ignore-daemonsets --timeout=120s
node/n8 already cordoned
evicting pod web/api-5d8c7b9f6d-2sdfg
${evict} (will retry after 5s): Cannot evict pod as it would violate the pod's disruption budget.
There are pending pods in node "n8" when an error occurred: ${evict}: global timeout reached: 2m0s
error: unable to drain node "n8" due to error: ${evict}: global timeout reached: 2m0s, continuing command...
`,
    });
    expect([inShort(found), found.unread]).toEqual(['pdb_blocks_eviction Deployment web/api', []]);
  });

  it('shows the log of a workload of which no pod is named', () => {
    const log =
      '$ kubectl logs deploy/bot -n web --previous\nError: Missing required environment variable: SLACK_TOKEN\n';
    expect(inShort(pasted({ 'x.txt': log }))).toBe('missing_env_var Deployment web/bot');
  });

  it('names the namespace in a message where its table does not', () => {
    const refused =
      'Error creating: pods "etl-29384000-" is forbidden: error looking up service account data/etl-runner: serviceaccount "etl-runner" not found';
    const found = pasted({
      'x.txt': `LAST SEEN   TYPE   REASON   OBJECT   MESSAGE\n50s   Warning   FailedCreate   job/etl-29384000   ${refused}\n`,
    });
    expect(inShort(found)).toBe('missing_service_account CronJob data/etl');
  });
});

describe('a pod that a table shows as running, not ready and often started again', () => {
  const row = (restarts: string) =>
    `NAMESPACE   NAME   READY   STATUS   RESTARTS   AGE\npay   settlement-7b9d8c6f5d-qqwrt   0/1   Running   ${restarts}   2h\n`;
  const log = 'ERROR x509: certificate has expired or is not yet valid\n';
  const name = 'pay_settlement-7b9d8c6f5d-qqwrt_app_previous.log';

  it('ended for what the log of the run before says', () => {
    expect(inShort(pasted({ 'p.txt': row('14 (4m ago)'), [name]: log }))).toBe(
      'tls_certificate_expired Deployment pay/settlement',
    );
  });

  it('is left open where it was started again once or twice', () => {
    expect(pasted({ 'p.txt': row('1 (4m ago)'), [name]: log }).status).toBe('abstained');
  });
});
