import { describe, expect, it } from '@jest/globals';
import { parseScaler } from './autoscaler.ts';
import { parseCreation } from './creation.ts';
import { parseEviction } from './eviction.ts';
import { endInWords, exitInWords } from './exit-code.ts';
import { imageIn, isPullProblem, parsePull } from './image-pull.ts';
import { parseMemoryKill } from './memory-kill.ts';
import { parseMissing, parseMissingItem, unregisteredIn } from './missing-object.ts';
import { parseProbe, parseProbeKill } from './probe.ts';
import { parseScriptFault } from './program-end.ts';
import { parseSandbox } from './sandbox.ts';
import { parseStartFailure } from './start-failure.ts';
import { lastClause, parseVolume } from './volume.ts';

describe('image pulls', () => {
  it.each([
    ['failed to resolve reference "r/x:1": r/x:1: not found', 'image_pull_failure'],
    ['unexpected status from GET request to https://r/token: 403 Forbidden', 'image_pull_unauthorized'],
    ['429 Too Many Requests - Server message: toomanyrequests: authentication required', 'image_pull_rate_limit'],
    ['dial tcp: lookup r.example on 10.96.0.10:53: no such host', 'dns_failure'],
    ['x509: certificate has expired or is not yet valid', 'tls_certificate_expired'],
    ['dial tcp 192.0.2.1:443: i/o timeout', 'image_pull_failure'],
    [
      'docker.io/library/ngnix:1: pull access denied, repository does not exist or may require authorization',
      'image_pull_failure',
    ],
    [
      'docker.io/acme/private:1: pull access denied, repository does not exist or may require authorization',
      'image_pull_unauthorized',
    ],
  ])('%s', (said, category) => expect(parsePull(said)?.category).toBe(category));

  it('knows a pull problem from other failures, and the image in it', () => {
    expect(isPullProblem('Back-off pulling image "x:1"')).toBe(true);
    expect(isPullProblem('Error: secret "x" not found')).toBe(false);
    expect(imageIn('Failed to pull image "x:1": no')).toBe('x:1');
  });
});

describe('missing objects', () => {
  it.each([
    ['MountVolume.SetUp failed for volume "c" : configmap "conf" not found', 'ConfigMap', 'conf', undefined],
    ["couldn't find key PASS in Secret shop/login", 'Secret', 'login', 'PASS'],
    ['error looking up service account shop/x: serviceaccount "x" not found', 'ServiceAccount', 'x', undefined],
    ['storageclass.storage.k8s.io "fast" not found', 'StorageClass', 'fast', undefined],
  ])('%s', (message, kind, name, key) => expect(parseMissing(message)).toEqual({ kind, name, key }));

  it('reads keys of volumes, and objects that the kubelet has not registered', () => {
    expect(
      parseMissingItem('SetUp failed for volume "v" : configmap references non-existent config key: a.yaml'),
    ).toEqual({ kind: 'ConfigMap', key: 'a.yaml', volume: 'v' });
    expect(unregisteredIn('object "shop"/"conf" not registered')).toBe('conf');
    expect(parseMissing('image "x" not found')).toBeUndefined();
  });
});

describe('refused creations', () => {
  it('tells a quota that is used up from one that wants figures', () => {
    expect(
      parseCreation('pods "x" is forbidden: exceeded quota: q, requested: pods=1, used: pods=4, limited: pods=4'),
    ).toEqual({ why: 'quota', quota: 'q', requested: 'pods=1', used: 'pods=4', limited: 'pods=4' });
    expect(parseCreation('failed quota: q: must specify limits.cpu for: app')).toEqual({
      why: 'limits_required',
      quota: 'q',
      figures: 'limits.cpu for: app',
    });
  });
  it.each([
    ['failed calling webhook "w": failed to call webhook: Post "https://w": EOF', 'webhook_unreachable'],
    ['admission webhook "w" denied the request: no', 'policy'],
    ['violates PodSecurity "restricted:latest": runAsNonRoot != true', 'policy'],
    ['error looking up service account a/b: serviceaccount "b" not found', 'service_account'],
    ['[maximum memory usage per Container is 512Mi, but limit is 1Gi]', 'limit_range'],
    ['forbidden: unable to create new content in namespace x because it is being terminated', 'namespace_terminating'],
  ])('%s', (message, why) => expect(parseCreation(message)?.why).toBe(why));
});

describe('probes', () => {
  it('reads kind, address and outcome', () => {
    expect(
      parseProbe(
        'Readiness probe failed: Get "http://10.1.2.3:8080/r": dial tcp 10.1.2.3:8080: connect: connection refused',
      ),
    ).toEqual({ kind: 'readiness', address: 'http://10.1.2.3:8080/r', outcome: 'refused', status: undefined });
    expect(parseProbe('Liveness probe failed: HTTP probe failed with statuscode: 404')).toMatchObject({
      kind: 'liveness',
      outcome: 'status',
      status: 404,
    });
    expect(parseProbe('Startup probe errored: rpc error: exec failed')).toMatchObject({
      kind: 'startup',
      outcome: 'command',
    });
    expect(parseProbe('something else')).toBeUndefined();
  });
  it('reads which probe makes the kubelet kill', () => {
    expect(parseProbeKill('Container app failed liveness probe, will be restarted')).toEqual({
      container: 'app',
      kind: 'liveness',
    });
    expect(parseProbeKill('Stopping container app')).toBeUndefined();
  });
});

describe('volumes and sandboxes', () => {
  it('tells an attachment elsewhere from a mount that fails', () => {
    expect(parseVolume('Multi-Attach error for volume "pvc-1" Volume is already used by pod(s) db-0')).toEqual({
      why: 'multi_attach',
      volume: 'pvc-1',
      holder: 'db-0',
    });
    expect(parseVolume('MountVolume.SetUp failed for volume "v" : mount failed: exit status 32')).toEqual({
      why: 'mount',
      volume: 'v',
      words: 'mount failed: exit status 32',
    });
    expect(
      parseVolume('Unable to attach or mount volumes: unmounted volumes=[a b], unattached volumes=[]: timed out'),
    ).toEqual({ why: 'waiting', volumes: ['a', 'b'] });
    expect(lastClause('mount failed\nOutput: access denied')).toBe('access denied');
  });
  it.each([
    [
      'Failed to create pod sandbox: plugin type="aws-cni" failed (add): add cmd: failed to assign an IP address to container',
      'no_address',
    ],
    ['Failed to create pod sandbox: plugin type="calico" failed (add): Unauthorized', 'plugin'],
    ['Failed to create pod sandbox: rpc error: code = Unknown desc = cgroup path does not exist', 'runtime'],
  ])('%s', (message, why) => expect(parseSandbox(message)?.why).toBe(why));
});

describe('ends', () => {
  it('says what an exit code means', () => {
    expect(exitInWords(139)).toBe('exit code 139 (SIGSEGV)');
    expect(exitInWords(3)).toBe('exit code 3');
    expect(exitInWords(255)).toBe('exit code 255');
    expect([endInWords(3), endInWords(undefined)]).toEqual([' with exit code 3', '']);
  });
  it.each([
    ['Memory cgroup out of memory: Killed process 7 (java) total-vm:1kB', 'container', 'java'],
    ['System OOM encountered, victim process: node, pid: 9', 'system', 'node'],
    ['Out of memory: Killed process 9 (postgres)', 'node', 'postgres'],
    ['Worker (pid:3) was sent SIGKILL! Perhaps out of memory?', 'container', undefined],
  ])('%s', (message, scope, process) => expect(parseMemoryKill(message)).toEqual({ scope, process }));

  it.each([
    ['The node was low on resource: memory. Threshold quantity: 100Mi', 'memory', false],
    ['The node had condition: [DiskPressure]. ', 'disk', false],
    ['Pod ephemeral local storage usage exceeds the total limit of containers 1Gi. ', 'disk', true],
    ['Attempting to reclaim pids', 'pid', false],
  ])('%s', (message, resource, own_limit) => expect(parseEviction(message)).toEqual({ resource, own_limit }));

  it.each([
    ['exec: "serve": executable file not found in $PATH', 'not_found'],
    ['exec: "/run.sh": permission denied', 'permission'],
    ['container has runAsNonRoot and image will run as root', 'user'],
    ['exec format error', 'platform'],
  ])('%s', (message, why) => expect(parseStartFailure(message)?.why).toBe(why));

  it.each([
    ["run.sh: line 3: syntax error near unexpected token `fi'", 'syntax'],
    ["python: can't open file '/x.py'", 'missing_file'],
    ['exec /app: exec format error', 'wrong_platform'],
    ['exec /start/start.sh: no such file or directory', 'no_program'],
  ])('%s', (text, why) => expect(parseScriptFault(text)?.why).toBe(why));
});

it.each([
  ['failed to get cpu utilization: missing request for cpu in container app of Pod x', 'requests'],
  ['unable to fetch metrics from resource metrics API: the server could not find the requested resource', 'metrics'],
  ['unable to get the target\'s current scale: deployments.apps "x" not found', 'target'],
  ['pods by selector app=x are controlled by multiple HPAs', 'selector'],
])('an autoscaler says: %s', (message, why) => expect(parseScaler(message)?.why).toBe(why));
