import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { openEngine } from '../deploy/engine.ts';
import { buildImages, chooseBases } from '../deploy/images.ts';
import { buildStandIns } from '../deploy/stand-ins.ts';
import { render } from '../src/charts/helm.ts';
import { objectsIn } from '../src/charts/objects.ts';
import type { Bed } from './bed.ts';
import { runCommand } from './command.ts';

type Making = { bed: Pick<Bed, 'loadImages'>; folder: string; helm: string; report: (line: string) => void };
type Engine = { env: Record<string, string>; report: (line: string) => void };

const ours = ['agent-manager', 'orchestrator-service', 'reasoning-service', 'collect-agent'] as const;
const backing = ['nats', 'postgres'] as const;

/** Which values of the chart name stand-ins, as `helm --set` takes them; none where public images can be pulled. */
export type Loaded = { standIns: Record<(typeof backing)[number], string> };

/** Builds the project's images and puts them on the real node with those that the chart of the control plane brings; without a Docker engine the reason is told. */
export async function loadNodeImages(making: Making): Promise<{ missing: string } | Loaded> {
  const { bed, folder, helm, report } = making;
  const engine = await openEngine(report);
  if ('missing' in engine) return engine;
  const { env } = engine;
  const archive = join(folder, 'images.tar');
  try {
    const { bases, pulls } = await chooseBases({ env, report });
    const images = (await buildImages({ env, report }, bases, ours)).map(({ name }) => name);
    const agent = await agentImage(helm);
    await runCommand('docker', ['tag', images.at(-1) ?? '', agent], { env });
    const { names, standIns } = pulls ? await pulled(helm, env) : await builtHere({ env, report });
    await runCommand('docker', ['save', '--output', archive, ...images, agent, ...names], { env });
    await bed.loadImages(archive);
    report(`on the node: ${[...images, ...names].join(', ')}`);
    return { standIns };
  } finally {
    rmSync(archive, { force: true });
    await engine.stop();
  }
}

/** What the agent's chart pulls when nobody says otherwise: the command that is pasted says nothing. */
async function agentImage(helm: string): Promise<string> {
  const values = { clusterName: 'a', url: 'https://aetherius.example.com', token: 'a' };
  const [image] = imagesIn(await render(helm, { chart: 'aetherius-agent', values }));
  return image ?? '';
}

const imagesIn = (yaml: string): string[] =>
  objectsIn(yaml).flatMap(({ spec }) => spec?.template?.spec.containers.map(({ image }) => image) ?? []);

async function pulled(helm: string, env: Engine['env']) {
  const bundled = { bundled: { enabled: true } };
  const all = imagesIn(await render(helm, { chart: 'aetherius', values: { nats: bundled, postgres: bundled } }));
  const names = all.filter((image) => image.includes('/library/'));
  for (const name of names) await runCommand('docker', ['pull', '--quiet', name], { env });
  return { names, standIns: { nats: '', postgres: '' } };
}

async function builtHere(engine: Engine) {
  const names = Object.values(await buildStandIns(engine, backing));
  const flag = (part: (typeof backing)[number]) => {
    const [repository, tag] = (names.find((name) => name.includes(part)) ?? '').split(':');
    return `--set ${part}.bundled.image.repository=${repository} --set ${part}.bundled.image.tag=${tag}`;
  };
  return { names, standIns: { nats: flag('nats'), postgres: flag('postgres') } };
}
