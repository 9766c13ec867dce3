import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { runCommand } from '../../cluster/command.ts';
import { root } from '../run.ts';
import { metadataFile, type Part, type Plan } from './plan.ts';

type Tools = { helm: string; folder: string; report: (line: string) => void };
/** What lies in the registry now. */
export type Pushed = { reference: string; digest: string };

const Metadata = z.object({ 'containerimage.digest': z.string().regex(/^sha256:[0-9a-f]{64}$/) });

/** Packs the charts on this machine. */
export async function packCharts({ charts }: Plan, { helm }: Tools): Promise<void> {
  for (const { make } of charts) await runCommand(helm, make.args);
}

/** Pushes the packed charts; answers under which digests they can be had. */
export async function pushCharts({ charts }: Plan, { helm, report }: Tools): Promise<Pushed[]> {
  const pushed: Pushed[] = [];
  for (const { push, reference, name } of charts) {
    // Helm tells the digest among its messages, which go to the error output.
    const said = await runCommand(helm, push?.args ?? [], { withErrors: true });
    const digest = /Digest: (sha256:[0-9a-f]{64})/.exec(said)?.[1];
    if (digest === undefined) throw new Error(`chart ${name} was pushed, but Helm named no digest: ${said.trim()}`);
    pushed.push({ reference, digest });
    report(`${reference}@${digest}`);
  }
  return pushed;
}

async function pushImage({ make, reference, name }: Part, { folder, report }: Tools): Promise<Pushed> {
  await runCommand('docker', make.args, { cwd: root });
  const digest = Metadata.parse(JSON.parse(readFileSync(metadataFile(folder, name), 'utf8')))['containerimage.digest'];
  report(`${reference}@${digest}`);
  return { reference, digest };
}

/** Signs what was pushed, by digest. */
export async function signAll(plan: Plan, pushed: readonly Pushed[], report: Tools['report']): Promise<void> {
  for (const { reference, digest } of pushed) {
    await runCommand('cosign', plan.sign(reference, digest).args);
    report(`signed ${reference}`);
  }
}

/** Carries a plan out; the charts go last, because whoever finds a chart must find its images. */
export async function carryOutRelease(plan: Plan, tools: Tools): Promise<void> {
  await packCharts(plan, tools);
  const pushed: Pushed[] = [];
  for (const image of plan.images) pushed.push(await pushImage(image, tools));
  pushed.push(...(await pushCharts(plan, tools)));
  await signAll(plan, pushed, tools.report);
}
