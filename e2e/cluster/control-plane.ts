import { connect } from 'node:net';
import { join } from 'node:path';
import { freePorts } from '@aetherius/shared/service';
import { writeKubeconfig } from './keys.ts';
import { createKubectl, type Kubectl } from './kubectl.ts';
import type { Layout } from './layout.ts';
import { SERVICE_NETWORK } from './node-config.ts';
import { startProgram } from './processes.ts';

/** What the node programs and people need of a running control plane. */
export type ControlPlane = { apiUrl: string; kubeconfig: string; kubectl: Kubectl };

type Place = { layout: Layout; binaries: string };
type Run = (part: Part, args: string[], ready: () => Promise<boolean>) => Promise<unknown>;
type Part = { name: string; runFolder: string };

/** Minutes of waiting for a lost node are turned into seconds, as `--node-monitor-grace-period` and tolerations allow. */
const NODE_GRACE = '12s';
const TOLERATION_SECONDS = '20';

/** Starts etcd, the API server, the controllers and the scheduler, each when the one before it answers. */
export async function startControlPlane({ layout, binaries }: Place): Promise<ControlPlane> {
  const [etcd = 0, peer = 0, api = 0, controllers = 0, scheduler = 0] = await freePorts(5);
  const apiUrl = `https://127.0.0.1:${api}`;
  const run: Run = ({ name, runFolder }, args, ready) => {
    const logFile = join(layout.logs, `${name}.log`);
    return startProgram({ name, command: join(binaries, name), args, logFile, runFolder }, ready, 120_000);
  };
  const kubeconfig = writeKubeconfig(layout.keys, 'admin', apiUrl);
  const kubectl = createKubectl({ binaries, kubeconfig });
  const answers = (...args: string[]) =>
    kubectl.run(args).then(
      () => true,
      () => false,
    );

  await startEtcd(run, layout, { etcd, peer });
  await run({ name: 'kube-apiserver', runFolder: layout.run.api }, apiServerFlags(layout, { etcd, api }), () =>
    answers('get', '--raw', '/readyz'),
  );
  const runFolder = layout.run.controllers;
  await Promise.all([
    run({ name: 'kube-controller-manager', runFolder }, controllerFlags(layout, controllers, apiUrl), () =>
      answers('-n', 'default', 'get', 'serviceaccount', 'default'),
    ),
    run({ name: 'kube-scheduler', runFolder }, clientFlags(layout, 'scheduler', scheduler, apiUrl), () =>
      accepts(scheduler),
    ),
  ]);
  return { apiUrl, kubeconfig, kubectl };
}

function startEtcd(run: Run, layout: Layout, ports: { etcd: number; peer: number }): Promise<unknown> {
  const client = `http://127.0.0.1:${ports.etcd}`;
  const peer = `http://127.0.0.1:${ports.peer}`;
  const args = [
    '--name=bed',
    `--data-dir=${layout.etcd}`,
    // The cluster is thrown away at the end: what a power cut would lose is worth nothing.
    '--unsafe-no-fsync',
    '--log-level=warn',
    `--listen-client-urls=${client}`,
    `--advertise-client-urls=${client}`,
    `--listen-peer-urls=${peer}`,
    `--initial-advertise-peer-urls=${peer}`,
    `--initial-cluster=bed=${peer}`,
  ];
  return run({ name: 'etcd', runFolder: layout.run.etcd }, args, async () => (await fetch(`${client}/health`)).ok);
}

function apiServerFlags({ keys }: Layout, ports: { etcd: number; api: number }): string[] {
  const key = (name: string) => join(keys, name);
  return [
    `--etcd-servers=http://127.0.0.1:${ports.etcd}`,
    '--bind-address=127.0.0.1',
    `--secure-port=${ports.api}`,
    '--endpoint-reconciler-type=none',
    `--service-cluster-ip-range=${SERVICE_NETWORK}`,
    '--authorization-mode=Node,RBAC',
    '--enable-admission-plugins=NodeRestriction',
    `--tls-cert-file=${key('apiserver.crt')}`,
    `--tls-private-key-file=${key('apiserver.key')}`,
    `--client-ca-file=${key('ca.crt')}`,
    '--service-account-issuer=https://kubernetes.default.svc.cluster.local',
    `--service-account-key-file=${key('service-account.pub')}`,
    `--service-account-signing-key-file=${key('service-account.key')}`,
    `--kubelet-certificate-authority=${key('ca.crt')}`,
    `--kubelet-client-certificate=${key('apiserver-kubelet.crt')}`,
    `--kubelet-client-key=${key('apiserver-kubelet.key')}`,
    '--kubelet-preferred-address-types=InternalIP',
    `--requestheader-client-ca-file=${key('front-proxy-ca.crt')}`,
    '--requestheader-allowed-names=front-proxy',
    '--requestheader-username-headers=X-Remote-User',
    '--requestheader-group-headers=X-Remote-Group',
    `--proxy-client-cert-file=${key('front-proxy.crt')}`,
    `--proxy-client-key-file=${key('front-proxy.key')}`,
    `--default-not-ready-toleration-seconds=${TOLERATION_SECONDS}`,
    `--default-unreachable-toleration-seconds=${TOLERATION_SECONDS}`,
  ];
}

function controllerFlags(layout: Layout, port: number, apiUrl: string): string[] {
  const key = (name: string) => join(layout.keys, name);
  return [
    ...clientFlags(layout, 'controller-manager', port, apiUrl),
    '--use-service-account-credentials=true',
    `--service-account-private-key-file=${key('service-account.key')}`,
    `--root-ca-file=${key('ca.crt')}`,
    '--node-monitor-period=1s',
    `--node-monitor-grace-period=${NODE_GRACE}`,
    '--node-eviction-rate=10',
  ];
}

function clientFlags({ keys }: Layout, user: string, port: number, apiUrl: string): string[] {
  const config = writeKubeconfig(keys, user, apiUrl);
  return [
    `--kubeconfig=${config}`,
    `--authentication-kubeconfig=${config}`,
    `--authorization-kubeconfig=${config}`,
    '--bind-address=127.0.0.1',
    `--secure-port=${port}`,
    '--leader-elect=false',
  ];
}

const accepts = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
