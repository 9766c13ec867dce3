import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { kubeconfig, type Simulator, startSimulator } from '../src/index.ts';

jest.setTimeout(60_000);

function kubectlHere(): boolean {
  try {
    execFileSync('kubectl', ['version', '--client'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

const isHere = kubectlHere();

/** A test that needs kubectl; without one it is skipped under a name that says so. */
const withKubectl = (name: string, test: () => Promise<void>): void =>
  isHere ? it(`kubectl ${name}`, test) : it.skip(`kubectl ${name} [skipped: no kubectl on PATH]`, test);

const manifest = (image: string) => `
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, labels: {app: web}}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers: [{name: app, image: "${image}", resources: {requests: {cpu: 100m, memory: 64Mi}}}]
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{port: 80, targetPort: 8080}]}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
data: {colour: green}
`;

let simulator: Simulator;
let folder: string;

beforeAll(async () => {
  if (!isHere) return;
  folder = mkdtempSync(join(tmpdir(), 'simulator-kubectl-'));
  simulator = await startSimulator({ clock: { now: () => new Date() }, newId: () => crypto.randomUUID(), speed: 20 });
  for (const name of ['node-a', 'node-b']) {
    const amounts = { cpu: '4', memory: '8Gi', pods: '110', 'ephemeral-storage': '50Gi' };
    const labels = { 'kubernetes.io/hostname': name };
    const status = { capacity: amounts, allocatable: amounts };
    simulator.store.create({ kind: 'Node', metadata: { name, labels }, spec: {}, status });
  }
  writeFileSync(join(folder, 'config'), kubeconfig(simulator.address));
  writeFileSync(join(folder, 'web.yaml'), manifest('nginx:1.27'));
  await kubectl('wait', '--for=condition=Ready', 'node', '--all', '--timeout=20s');
});

afterAll(async () => {
  if (!isHere) return;
  await simulator.stop();
  rmSync(folder, { recursive: true });
});

/** Runs kubectl and gives both of its outputs; fails with what it said. */
function kubectl(...args: string[]): Promise<string> {
  const env = { PATH: process.env['PATH'], HOME: folder, KUBECONFIG: join(folder, 'config') };
  return new Promise((resolve, reject) => {
    execFile('kubectl', args, { env, timeout: 30_000 }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout + stderr);
      else reject(new Error(`kubectl ${args.join(' ')}: ${stderr}`));
    });
  });
}

const rolledOut = () => kubectl('rollout', 'status', 'deployment/web', '--timeout=20s');
const image = () => kubectl('get', 'deployment', 'web', '-o', 'jsonpath={.spec.template.spec.containers[0].image}');

withKubectl('sees a server, its nodes and its resources', async () => {
  expect(await kubectl('version')).toContain('Server Version: v1.');
  expect(await kubectl('get', 'nodes', '-o', 'wide')).toMatch(/NAME\s+STATUS\s+ROLES\s+AGE[\s\S]*node-a\s+Ready/);
  expect(await kubectl('api-resources', '--no-headers')).toMatch(/deployments\s+deploy\s+apps\/v1\s+true\s+Deployment/);
});

withKubectl('applies objects, and finds them unchanged the second time', async () => {
  expect(await kubectl('apply', '-f', join(folder, 'web.yaml'))).toContain('deployment.apps/web created');
  expect(await rolledOut()).toContain('successfully rolled out');
  const again = await kubectl('apply', '-f', join(folder, 'web.yaml'));
  expect(again.match(/unchanged/g)).toHaveLength(3);
});

withKubectl('gets, describes and reads logs', async () => {
  expect(await kubectl('get', 'all')).toMatch(/deployment.apps\/web\s+2\/2\s+2\s+2/);
  expect(await kubectl('get', 'pods', '-l', 'app=web', '-o', 'name')).toMatch(/^(pod\/web-\S+\s){2}$/);
  expect(await kubectl('get', 'endpoints', 'web')).toMatch(/10\.\d+\.\d+\.\d+:8080,/);
  expect(await kubectl('describe', 'pods', '-l', 'app=web')).toMatch(/Successfully assigned default\/web-/);
  expect(await kubectl('describe', 'deployment', 'web')).toMatch(/Replicas:\s+2 desired \| 2 updated \| 2 total/);
  expect(await kubectl('describe', 'node', 'node-a')).toContain('Non-terminated Pods');
  const all = await kubectl('logs', 'deployment/web');
  expect(all).not.toBe('');
  const last = await kubectl('logs', 'deployment/web', '--tail=1', '--timestamps');
  expect(last).toMatch(/^\d{4}-\d\d-\d\dT\S+Z /m);
});

withKubectl('lists events in both ways', async () => {
  expect(await kubectl('get', 'events', '--field-selector', 'reason=ScalingReplicaSet')).toContain(
    'Scaled up replica set',
  );
  expect(await kubectl('events', '--for', 'deployment/web')).toContain('ScalingReplicaSet');
});

withKubectl('scales, rolls out, rolls back to the replica set of before, and restarts', async () => {
  await kubectl('scale', 'deployment/web', '--replicas=3');
  await rolledOut();
  await kubectl('set', 'image', 'deployment/web', 'app=nginx:1.28');
  await rolledOut();
  expect(await image()).toBe('nginx:1.28');
  await kubectl('rollout', 'undo', 'deployment/web');
  await rolledOut();
  expect(await image()).toBe('nginx:1.27');
  expect((await kubectl('get', 'replicasets', '-o', 'name')).trim().split('\n')).toHaveLength(2);
  expect(await kubectl('rollout', 'history', 'deployment/web')).toMatch(/^3\s/m);
  expect(await kubectl('rollout', 'restart', 'deployment/web')).toContain('restarted');
  await rolledOut();
});

withKubectl('patches in three ways, edits labels, and tries without storing', async () => {
  await kubectl('patch', 'configmap', 'settings', '--type=merge', '-p', '{"data":{"size":"L"}}');
  await kubectl('patch', 'configmap', 'settings', '--type=json', '-p', '[{"op":"remove","path":"/data/colour"}]');
  await kubectl('patch', 'configmap', 'settings', '-p', '{"data":{"shape":"round"}}');
  await kubectl('delete', 'configmap', 'settings', '--dry-run=server');
  expect(await kubectl('get', 'configmap', 'settings', '-o', 'jsonpath={.data}')).toBe('{"shape":"round","size":"L"}');
  expect(await kubectl('label', 'configmap', 'settings', 'a=b')).toContain('labeled');
});

withKubectl('cordons a node, drains it within a disruption budget, and opens it again', async () => {
  const budget = join(folder, 'budget.yaml');
  const spec = { maxUnavailable: 1, selector: { matchLabels: { app: 'web' } } };
  const metadata = { name: 'web' };
  writeFileSync(budget, JSON.stringify({ apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', metadata, spec }));
  await kubectl('apply', '-f', budget);
  expect(await kubectl('cordon', 'node-a')).toContain('node/node-a cordoned');
  expect(await kubectl('get', 'node', 'node-a')).toContain('Ready,SchedulingDisabled');
  await kubectl('drain', 'node-a', '--ignore-daemonsets', '--timeout=40s');
  const left = await kubectl('get', 'pods', '--field-selector', 'spec.nodeName=node-a', '-o', 'name');
  expect(left).not.toContain('pod/web');
  expect(await kubectl('uncordon', 'node-a')).toContain('uncordoned');
  await rolledOut();
});

withKubectl('is told plainly what is wrong', async () => {
  await expect(kubectl('get', 'pod', 'nosuch')).rejects.toThrow('pods "nosuch" not found');
  await expect(kubectl('get', 'widgets')).rejects.toThrow('resource type "widgets"');
  await expect(kubectl('scale', 'deployment/web', '--replicas=-1')).rejects.toThrow('replicas');
  await expect(kubectl('apply', '--server-side', '-f', join(folder, 'web.yaml'))).rejects.toThrow('client-side apply');
});

withKubectl('deletes a deployment with all that hangs on it', async () => {
  await kubectl('delete', '-f', join(folder, 'web.yaml'), '--timeout=20s');
  await kubectl('wait', '--for=delete', 'pod', '-l', 'app=web', '--timeout=20s');
  expect(await kubectl('get', 'pods,replicasets,services')).toContain('No resources found');
});
