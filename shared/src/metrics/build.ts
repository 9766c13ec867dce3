import { Gauge, type Registry } from 'prom-client';

/** Says which version runs, and on which Node: a series to join others with, always 1. */
export const exposeBuild = ({ metrics, version }: { metrics: Registry; version: string }): void =>
  new Gauge({
    name: 'aetherius_build_info',
    help: 'Version of the service and of the Node that it runs on; always 1',
    labelNames: ['version', 'node'],
    registers: [metrics],
  }).set({ version, node: process.versions.node }, 1);
