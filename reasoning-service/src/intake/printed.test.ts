import { describe, expect, it } from '@jest/globals';
import { diagnoseAll } from '../diagnosis/diagnose-all.ts';
import { assemble } from './assemble.ts';
import { joined } from './reading.ts';
import { recognise } from './recognise.ts';

const at = '2026-01-02T03:04:05.000Z';
type File = [name: string, text: string];
const bundle = (...files: File[]) => assemble(joined(files.map(([name, text]) => recognise({ name, text }, at))), at);
/** What is wrong by what `kubectl` printed: `category Kind namespace/name`. */
const faults = (...files: File[]): string[] =>
  diagnoseAll(bundle(...files)).map(
    ({ category, subject }) => `${category} ${subject.kind} ${subject.namespace ?? ''}/${subject.name}`,
  );
const podRow = (name: string, cells: string): string =>
  `NAMESPACE   NAME   READY   STATUS   RESTARTS   AGE\nshop   ${name}   ${cells}\n`;

describe('a row whose status is Error', () => {
  const failedJob =
    'NAMESPACE   NAME       STATUS   COMPLETIONS   DURATION   AGE\nshop   backfill   Failed   0/1   3m   3m\n';

  it('is a program that failed, and the log beside it says why', () => {
    const log = "/run.sh: line 14: syntax error near unexpected token `done'\n";
    expect(
      faults(
        ['j.txt', failedJob],
        ['p.txt', podRow('backfill-6xk2p', '0/1   Error   0   3m')],
        ['shop_backfill-6xk2p_main.log', log],
      ),
    ).toEqual(['job_script_error Job shop/backfill']);
  });

  it('is one that keeps failing where it has started again', () => {
    const log = 'panic: runtime error: invalid memory address or nil pointer dereference\n';
    expect(
      faults(['p.txt', podRow('tool-0', '0/1   Error   3 (20s ago)   3m')], ['shop_tool-0_main_previous.log', log]),
    ).toEqual([expect.stringMatching(/^crash_loop_app_error .* shop\/tool/)]);
  });
});

describe('the description of an ingress', () => {
  const ingress = (rule: string) => `Name:             web
Labels:           <none>
Namespace:        shop
Address:          1.2.3.4
Ingress Class:    traefik
Default backend:  default-http-backend:80 (<error: endpoints "default-http-backend" not found>)
Rules:
  Host        Path  Backends
  ----        ----  --------
  shop.ex
              ${rule}
Annotations:  <none>
Events:       <none>
`;

  it('says itself that a backend is not there', () => {
    const text = ingress('/   web-v2:80 (<error: services "web-v2" not found>)');
    expect(faults(['i.txt', text])).toEqual(['ingress_backend_missing Ingress shop/web']);
  });

  it('is no fault where only the default backend is not there', () => {
    expect(faults(['i.txt', ingress('/   web-v2:80 (10.0.0.7:8080)')])).toEqual([]);
  });
});

describe('warnings of an autoscaler', () => {
  const events = `NAMESPACE   LAST SEEN   TYPE      REASON                    OBJECT                        MESSAGE
shop        40m         Warning   FailedGetResourceMetric   horizontalpodautoscaler/web   failed to get cpu utilization: did not receive metrics for targeted pods (pods might be unready)
`;
  const rescaled =
    'shop        2m          Normal    SuccessfulRescale         horizontalpodautoscaler/web   New size: 4; reason: cpu resource utilization above target\n';
  const row = (target: string) =>
    `NAMESPACE   NAME   REFERENCE        TARGETS       MINPODS   MAXPODS   REPLICAS   AGE\nshop        web    Deployment/web   ${target}  2         8         4          80d\n`;
  const told = ['hpa_no_metrics HorizontalPodAutoscaler shop/web'];

  it.each([
    ['without a word on how it went on', [['e.txt', events]], told],
    ['before it scaled', [['e.txt', events + rescaled]], []],
    [
      'before it had a figure',
      [
        ['e.txt', events],
        ['h.txt', row('cpu: 61%/70%')],
      ],
      [],
    ],
    [
      'while it has no figure',
      [
        ['e.txt', events],
        ['h.txt', row('<unknown>/70%')],
      ],
      told,
    ],
  ] as [string, File[], string[]][])('count %s', (_, files, expected) => {
    expect(faults(...files)).toEqual(expected);
  });
});

describe('a copied terminal', () => {
  const evicting = `evicting pod shop/db-0
error when evicting pods/"db-0" -n "shop" (will retry after 5s): Cannot evict pod as it would violate the pod's disruption budget.
`;
  const drain = `$ kubectl drain worker-1 --ignore-daemonsets\nnode/worker-1 cordoned\n${evicting}${evicting}`;
  const budget =
    '$ kubectl get pdb -n shop\nNAME   MIN AVAILABLE   MAX UNAVAILABLE   ALLOWED DISRUPTIONS   AGE\ndb     1               N/A               0                     20d\n';

  it.each([
    ['alone', drain],
    ['beside the budget', drain + budget],
  ])('shows a drain that a disruption budget holds: %s', (_, text) => {
    expect(faults(['t.txt', text])).toEqual(['pdb_blocks_eviction StatefulSet shop/db']);
    expect(bundle(['t.txt', text]).events).toMatchObject([{ kind: 'Pod', name: 'db-0', count: 2 }]);
  });

  it('names what a drain says else, and what other commands print', () => {
    const text = `${drain}error: unable to drain node "worker-1"\n$ kubectl rollout status deploy/web\nWaiting for it\n${budget}`;
    expect(bundle(['t.txt', text]).cut).toEqual([
      't.txt: "kubectl drain" said: error: unable to drain node "worker-1"',
      't.txt: what "kubectl rollout" printed, which begins with "Waiting for it"',
    ]);
  });

  it('is not what mentions a command in its remarks', () => {
    const yaml =
      '# kubectl apply -f this.yaml\nkind: ConfigMap\napiVersion: v1\n# kubectl apply -f that.yaml\nmetadata: {name: a, namespace: shop}\n';
    expect(bundle(['m.yaml', yaml])).toMatchObject({ objects: [{ kind: 'ConfigMap', name: 'a' }], cut: [] });
  });
});

describe('a pod of a table', () => {
  it('has no container that a command could name', () => {
    const [one] = diagnoseAll(bundle(['p.txt', podRow('tool-0', '0/1   Error   3 (20s ago)   9m')]));
    const told = JSON.stringify([one?.missing_evidence, one?.reads]);
    expect(told).not.toContain('container-1');
    expect(told).toContain('kubectl logs tool-0 -n shop --all-containers --previous');
  });

  it.each([
    ['0/1   Running   0   3d', ['probe_readiness_failed Deployment shop/api']],
    ['0/1   Running   0   20s', []],
    ['1/1   Running   0   3d', []],
  ])('that is %s beside one failure of its readiness probe', (cells, expected) => {
    const name = 'api-7f9c5d8b4-hx2zq';
    const event = `NAMESPACE   LAST SEEN   TYPE      REASON      OBJECT                    MESSAGE
shop        3s          Warning   Unhealthy   pod/${name}   Readiness probe failed: HTTP probe failed with statuscode: 404
`;
    expect(faults(['p.txt', podRow(name, cells)], ['e.txt', event])).toEqual(expected);
  });
});
