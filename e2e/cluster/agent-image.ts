import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { openEngine } from '../deploy/engine.ts';
import { buildImages, chooseBases } from '../deploy/images.ts';
import type { Bed } from './bed.ts';
import { runCommand } from './command.ts';

type Making = { bed: Pick<Bed, 'loadImages'>; folder: string; name: string; report: (line: string) => void };

/** Builds the agent's image, names it and puts it on the real node; without a Docker engine the reason is told. */
export async function loadAgentImage({ bed, folder, name, report }: Making): Promise<{ missing?: string }> {
  const engine = await openEngine(report);
  if ('missing' in engine) return engine;
  const { env } = engine;
  const archive = join(folder, 'agent-image.tar');
  try {
    const { bases } = await chooseBases({ env, report });
    const [image] = await buildImages({ env, report }, bases, ['collect-agent']);
    await runCommand('docker', ['tag', image?.name ?? '', name], { env });
    await runCommand('docker', ['save', '--output', archive, name], { env });
    await bed.loadImages(archive);
    return {};
  } finally {
    rmSync(archive, { force: true });
    await engine.stop();
  }
}
