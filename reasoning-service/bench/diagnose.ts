import { performance } from 'node:perf_hooks';
import { diagnose } from '../src/diagnosis/diagnose.ts';
import { readIncidents } from './incident-library.ts';

const WARM_UP = 2;
const SECONDS = 10;

/** Diagnoses a second in one process over the mixed bundles of the library, each as the service gets it. */
const bundles = readIncidents().map(({ bundle }) => bundle);
const round = (value: number): number => Math.round(value * 1000) / 1000;
for (let turn = 0; turn < WARM_UP; turn += 1) for (const bundle of bundles) diagnose(bundle);

const took: number[] = [];
const started = performance.now();
for (let at = 0; performance.now() - started < SECONDS * 1000; at += 1) {
  // A bundle that comes over the wire shares nothing with the one before: what is kept per object must not help here.
  const text = JSON.stringify(bundles[at % bundles.length]);
  const from = performance.now();
  diagnose(JSON.parse(text));
  took.push(performance.now() - from);
}
const spent = (performance.now() - started) / 1000;
took.sort((a, b) => a - b);
const at = (share: number): number => round(took[Math.min(took.length - 1, Math.floor(took.length * share))] ?? 0);
process.stdout.write(`${took.length} diagnoses of ${bundles.length} bundles in ${round(spent)} s\n`);
process.stdout.write(`p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, slowest ${at(1)} ms\n`);
process.stdout.write(
  `${JSON.stringify({ diagnoses_per_s: Math.round(took.length / spent), p50_ms: at(0.5), p99_ms: at(0.99), bundles: bundles.length })}\n`,
);
