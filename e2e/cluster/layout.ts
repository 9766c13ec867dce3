import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

/** Where each kind of file of one bed lives; all of it below `root`, so that removing the root forgets the bed. */
export type Layout = {
  root: string;
  /** The process that brought the bed up, and may still be using it. */
  owner: string;
  keys: string;
  logs: string;
  images: string;
  etcd: string;
  containerd: string;
  containerdState: string;
  containerdSocket: string;
  kubelet: string;
  network: string;
  registry: string;
  /** The names that the registry does not have, one a line. */
  missingImages: string;
  /** Pid files, in the order in which their programs may be stopped. */
  run: { kubelet: string; fakeNodes: string; containerd: string; controllers: string; api: string; etcd: string };
};

/** The folders of the bed below this root. */
export function layoutAt(root: string): Layout {
  const containerdState = join(root, 'containerd-state');
  return {
    root,
    owner: join(root, 'owner.pid'),
    keys: join(root, 'keys'),
    logs: join(root, 'logs'),
    images: join(root, 'images'),
    etcd: join(root, 'etcd'),
    containerd: join(root, 'containerd'),
    containerdState,
    containerdSocket: join(containerdState, 'containerd.sock'),
    kubelet: join(root, 'kubelet'),
    network: join(root, 'network'),
    registry: join(root, 'registry'),
    missingImages: join(root, 'missing-images'),
    run: {
      kubelet: join(root, 'run', 'kubelet'),
      fakeNodes: join(root, 'run', 'fake-nodes'),
      containerd: join(root, 'run', 'containerd'),
      controllers: join(root, 'run', 'controllers'),
      api: join(root, 'run', 'api'),
      etcd: join(root, 'run', 'etcd'),
    },
  };
}

/** Makes every folder of the bed; the keys are for root alone. */
export function makeFolders({ run, ...folders }: Layout): void {
  const { containerdSocket: _socket, missingImages: _missing, owner: _owner, ...rest } = folders;
  for (const folder of [...Object.values(rest), ...Object.values(run)]) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  }
}
