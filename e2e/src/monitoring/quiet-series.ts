import { createMetrics, type Registry } from '@aetherius/shared/metrics';
import { systemClock } from '@aetherius/shared/service';
import { silentLogger } from '@aetherius/shared/testing';
import { watchCertificates } from '../../../agent-manager/src/certificates/watch-certificates.ts';
import { exposeNodes } from '../../../collect-agent/src/metrics/node-metrics.ts';
import { createLlmMetrics } from '../../../reasoning-service/src/llm/llm-metrics.ts';

/** Families that have no sample on a fleet of one machine, each with the reason. */
export const quietSeries: Readonly<Record<string, string>> = {
  aetherius_process_memory_limit_bytes: 'a process has a limit only where something sets one, as a container',
  aetherius_agent_node_disk_available_ratio: 'needs a Prometheus of the cluster that knows its disks',
  aetherius_certificate_expiry_timestamp_seconds: 'nothing on one machine speaks TLS',
  aetherius_reasoning_llm_budget_warnings_total: 'needs a budget that is nearly used up',
};

/** The labels of these as the code declares them, with those that every series of a service has. */
export async function declaredLabels(): Promise<Map<string, Set<string>>> {
  const metrics = createMetrics('any');
  createLlmMetrics(metrics);
  exposeNodes(metrics, systemClock);
  await watchCertificates({ config: { NATS_URL: 'ws://127.0.0.1' }, metrics, log: silentLogger() }).stop();
  return new Map(Object.keys(quietSeries).map((name) => [name, new Set(['service', ...labelsOf(metrics, name)])]));
}

function labelsOf(metrics: Registry, name: string): readonly string[] {
  const { labelNames } = (metrics.getSingleMetric(name) ?? {}) as { labelNames?: readonly string[] };
  if (labelNames === undefined) throw new Error(`${name} is declared nowhere`);
  return labelNames;
}
