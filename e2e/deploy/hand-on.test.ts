import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import type { ListedImage } from '../src/images/listed-images.ts';
import { handOn } from './hand-on.ts';
import { readImageFlags } from './image-flags.ts';

const folder = mkdtempSync(join(tmpdir(), 'aetherius-docker-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** An engine that pushes everything, in the words of Docker. */
function engine(digest: string): Record<string, string> {
  writeFileSync(
    join(folder, 'docker'),
    `#!/bin/sh\n[ "$1" = push ] && echo "0.1.0: digest: ${digest} size: 1990"; :\n`,
  );
  chmodSync(join(folder, 'docker'), 0o755);
  return { PATH: `${folder}:/usr/bin:/bin` };
}

const own = (target: string, named: string): ListedImage => {
  const place = `aetherius/${target}:0.1.0`;
  return { name: `ghcr.io/${place}`, place, target, named };
};
const images = [
  own('agent-manager', 'manager.image'),
  { name: 'docker.io/library/nats:2', place: 'library/nats:2', named: 'nats.bundled.image' },
  own('collect-agent', 'image'),
];
const digest = `sha256:${'a'.repeat(64)}`;

async function pushed(said: string): Promise<string[]> {
  const lines: string[] = [];
  const wanted = readImageFlags(['--push', 'registry:5000']);
  if (wanted === 'help') throw new Error('help');
  await handOn(images, wanted, { env: engine(said), report: (line) => lines.push(line), version: '0.1.0' });
  return lines;
}

describe('images that are pushed', () => {
  it('are named by their digests, ours alone, as the values that an upgrade takes', async () => {
    const lines = await pushed(digest);
    expect(lines).toContain('pushed registry:5000/library/nats:2');
    expect(lines.slice(-2)).toEqual([
      `  the control plane: --set manager.image.digest=${digest}`,
      `  an agent: --set image.digest=${digest}`,
    ]);
  });

  it('are not named by what is no digest', async () => {
    expect((await pushed('unknown')).at(-1)).toBe('pushed registry:5000/aetherius/collect-agent:0.1.0');
  });
});
