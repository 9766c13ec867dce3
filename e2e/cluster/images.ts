import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from './command.ts';

type Blob = { mediaType: string; digest: string; size: number };

/** The image that holds a pod's namespaces; it has to be on the node before the first pod. */
export const PAUSE = 'localhost/pause:testbed';

/** The images of the bed, made of the machine's static busybox with nothing but tar. */
export type Images = {
  /** The folder of the image that every other name stands for. */
  busybox: string;
  /** The file of the pause image. */
  pause: string;
};

/** Makes the images below a folder. */
export async function makeImages(folder: string): Promise<Images> {
  const layer = await makeLayer(folder);
  const busybox = join(folder, 'busybox');
  const pause = join(folder, 'pause');
  makeImage(busybox, { reference: 'localhost/busybox:testbed', command: ['sh'], layer });
  const idle = 'trap "exit 0" TERM INT; sleep 2147483647 & wait';
  makeImage(pause, { reference: PAUSE, command: ['sh', '-c', idle], layer });
  return { busybox, pause: await pack(pause, `${pause}.tar`) };
}

async function makeLayer(folder: string): Promise<Buffer> {
  const top = join(folder, 'rootfs');
  for (const name of ['bin', 'dev', 'etc', 'proc', 'sys', 'tmp', 'var'])
    mkdirSync(join(top, name), { recursive: true });
  writeFileSync(join(top, 'etc/passwd'), 'root:x:0:0:root:/:/bin/sh\n');
  copyFileSync('/bin/busybox', join(top, 'bin/busybox'));
  for (const name of (await runCommand('/bin/busybox', ['--list'])).split('\n')) {
    if (name !== '' && name !== 'busybox') symlinkSync('busybox', join(top, 'bin', name));
  }
  return readFileSync(await pack(top, join(folder, 'layer.tar')));
}

type Wanted = { reference: string; command: string[]; layer: Buffer };

function makeImage(folder: string, { reference, command, layer }: Wanted): void {
  const blobs = join(folder, 'blobs', 'sha256');
  mkdirSync(blobs, { recursive: true });
  const store = (kind: string, content: Buffer | object): Blob => {
    const bytes = Buffer.isBuffer(content) ? content : Buffer.from(JSON.stringify(content));
    const digest = createHash('sha256').update(bytes).digest('hex');
    writeFileSync(join(blobs, digest), bytes);
    return { mediaType: `application/vnd.oci.image.${kind}`, digest: `sha256:${digest}`, size: bytes.length };
  };
  const packed = store('layer.v1.tar', layer);
  const platform = { architecture: process.arch === 'x64' ? 'amd64' : process.arch, os: 'linux' };
  const config = store('config.v1+json', {
    ...platform,
    config: { Env: ['PATH=/bin'], Cmd: command },
    rootfs: { type: 'layers', diff_ids: [packed.digest] },
  });
  const mediaType = 'application/vnd.oci.image.manifest.v1+json';
  const manifest = store('manifest.v1+json', { schemaVersion: 2, mediaType, config, layers: [packed] });
  const annotations = { 'io.containerd.image.name': reference };
  const index = { schemaVersion: 2, manifests: [{ ...manifest, platform, annotations }] };
  writeFileSync(join(folder, 'oci-layout'), JSON.stringify({ imageLayoutVersion: '1.0.0' }));
  writeFileSync(join(folder, 'index.json'), JSON.stringify(index));
}

async function pack(folder: string, file: string): Promise<string> {
  await runCommand('tar', ['--owner=0', '--group=0', '--sort=name', '-C', folder, '-cf', file, '.']);
  rmSync(folder, { recursive: true, force: true });
  return file;
}
