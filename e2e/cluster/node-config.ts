import { join } from 'node:path';
import { PAUSE } from './images.ts';
import type { Layout } from './layout.ts';

/** The name of the pods' network, by which its remains are found again. */
export const NETWORK = 'aetherius-bed';
/** Where the addresses of services are. */
export const SERVICE_NETWORK = '10.96.0.0/16';
/** The address at which pods ask for names. */
export const DNS_ADDRESS = '10.96.0.10';
/** The network bridge of the bed's pods. */
export const BRIDGE = 'aetherius0';
/** The firewall rule that lets pods of the bed reach one another. */
export const bridgeRule = ['FORWARD', '-i', BRIDGE, '-o', BRIDGE, '-j', 'ACCEPT'];

/** Sends the pulls of one registry's images to the bed's own, so that they do not leave this machine. */
export const registryHosts = (port: number): string =>
  // containerd 1.6 refuses the file without the table, though a mirror in it is the last thing that is wanted here.
  `server = "http://127.0.0.1:${port}"\n[host]\n`;

/** containerd's configuration: its own folders and socket, and only what a machine without systemd allows. */
export const containerdConfig = (layout: Layout): string => `version = 2
root = "${layout.containerd}"
state = "${layout.containerdState}"
[grpc]
  address = "${layout.containerdSocket}"
[plugins."io.containerd.internal.v1.opt"]
  path = "${join(layout.containerd, 'opt')}"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "${PAUSE}"
  disable_apparmor = true
  restrict_oom_score_adj = true
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/usr/lib/cni"
    conf_dir = "${layout.network}"
  [plugins."io.containerd.grpc.v1.cri".registry]
    config_path = "${layout.registry}"
`;

/** The first and the last address of the pods. */
export type AddressRange = { rangeStart: string; rangeEnd: string };

/** A bridge that pods share, with addresses handed out below the bed's folder. */
export const networkConfig = (layout: Layout, range?: AddressRange): string =>
  JSON.stringify({
    cniVersion: '1.0.0',
    name: NETWORK,
    plugins: [
      {
        type: 'bridge',
        bridge: BRIDGE,
        isGateway: true,
        hairpinMode: true,
        ipam: {
          type: 'host-local',
          dataDir: join(layout.network, 'addresses'),
          ranges: [[{ subnet: '10.244.0.0/24', ...range }]],
          // What of the services' network there is, this machine has.
          routes: [{ dst: SERVICE_NETWORK }],
        },
      },
    ],
  });

/** What a node may run short of, as the kubelet calls it. */
export type Pressure = 'nodefs.available' | 'memory.available' | 'pid.available';

/** The kubelet's configuration for a machine that may be a virtual one without systemd and with cgroup v1. */
export const kubeletConfig = (
  layout: Layout,
  { port, health, evictBelow }: { port: number; health: number; evictBelow: Partial<Record<Pressure, string>> },
): object => ({
  apiVersion: 'kubelet.config.k8s.io/v1beta1',
  kind: 'KubeletConfiguration',
  port,
  healthzPort: health,
  authentication: { anonymous: { enabled: false }, x509: { clientCAFile: join(layout.keys, 'ca.crt') } },
  tlsCertFile: join(layout.keys, 'kubelet-server.crt'),
  tlsPrivateKeyFile: join(layout.keys, 'kubelet-server.key'),
  containerRuntimeEndpoint: `unix://${layout.containerdSocket}`,
  cgroupDriver: 'cgroupfs',
  failCgroupV1: false,
  failSwapOn: false,
  oomScoreAdj: 0,
  makeIPTablesUtilChains: false,
  nodeStatusUpdateFrequency: '4s',
  nodeLeaseDurationSeconds: 8,
  clusterDomain: 'cluster.local',
  clusterDNS: [DNS_ADDRESS],
  resolvConf: join(layout.root, 'resolv.conf'),
  // Images stay, also where the disk of the developer's machine is nearly full.
  imageGCHighThresholdPercent: 100,
  imageGCLowThresholdPercent: 99,
  evictionHard: { 'memory.available': '100Mi', 'nodefs.available': '1%', 'imagefs.available': '1%', ...evictBelow },
});
