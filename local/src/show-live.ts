import { sleep } from '@aetherius/shared/service';
import type { SimulatedCluster } from '@aetherius/simulator';
import type { Fleet } from './fleet.ts';
import { header, painter, screen } from './live-view.ts';
import { createPoll } from './poll.ts';
import { createTokenFile, type TokenFile } from './token-file.ts';

const REDRAW_MS = 500;
/** One fault after the other, so that a person can follow each. */
const BETWEEN_FAULTS_MS = 4_000;

type Live = {
  fleet: Pick<Fleet, 'api' | 'urls' | 'trouble'>;
  signal: AbortSignal;
  json: boolean;
  /** Where a script finds the token to ask with. */
  tokenFile: string;
  cluster?: Pick<SimulatedCluster, 'faults'>;
  /** How kubectl reaches the simulated cluster. */
  kubeconfig?: string;
};

/** Shows incidents as they move, until Ctrl-C; with --json one line per change instead of a screen, and before them where to ask. */
export async function showLive({ fleet, signal, json, cluster, kubeconfig, ...given }: Live): Promise<number> {
  // Not waited for: a fault that still waits for its healthy state must not hold up Ctrl-C.
  if (cluster !== undefined) void breakOneByOne(cluster, signal);
  const tokenFile = createTokenFile(given.tokenFile, fleet.api);
  try {
    const shown = { fleet, signal, tokenFile, kubeconfig };
    await (json ? printChanges(shown) : drawScreens(shown));
  } finally {
    tokenFile.remove();
  }
  return 0;
}

async function breakOneByOne(cluster: Pick<SimulatedCluster, 'faults'>, signal: AbortSignal): Promise<void> {
  for (const fault of cluster.faults) {
    if (signal.aborted) return;
    fault.inject();
    await sleep(BETWEEN_FAULTS_MS, signal);
  }
}

type Shown = Pick<Live, 'fleet' | 'signal'> & { kubeconfig: string | undefined; tokenFile: TokenFile };

async function printChanges({ fleet: { api, urls }, signal, tokenFile, kubeconfig }: Shown): Promise<void> {
  const printed = new Map<string, string>();
  const poll = createPoll(api);
  await tokenFile.renew();
  console.log(JSON.stringify({ urls, token_file: tokenFile.path, kubeconfig }));
  while (!signal.aborted) {
    for (const incident of (await poll()).incidents) {
      const line = JSON.stringify(incident);
      if (printed.get(incident.id) !== line) console.log(line);
      printed.set(incident.id, line);
    }
    await tokenFile.renew();
    await sleep(REDRAW_MS, signal);
  }
}

async function drawScreens({ fleet, signal, tokenFile, kubeconfig }: Shown): Promise<void> {
  const paint = painter(process.stdout.isTTY);
  const poll = createPoll(fleet.api);
  const url = fleet.urls['agent-manager'];
  // Kept over a gap, in which nobody would give another.
  let token = '';
  let last = '';
  while (!signal.aborted) {
    const { incidents, gap } = await poll();
    await tokenFile.renew();
    token = gap === undefined ? await fleet.api.token().catch(() => token) : token;
    const text = screen({
      incidents,
      header: header({ url, token, kubeconfig, troubles: [gap, fleet.trouble()], paint }),
      width: process.stdout.columns ?? 120,
      height: process.stdout.rows ?? Number.MAX_SAFE_INTEGER,
      paint,
    });
    // Home and clear to the end instead of clearing first: no flicker.
    if (text !== last) process.stdout.write(process.stdout.isTTY ? `\u001b[H\u001b[J${text}` : `${text}\n`);
    last = text;
    await sleep(REDRAW_MS, signal);
  }
}
