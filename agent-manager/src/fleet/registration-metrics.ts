import { Counter, type Registry } from '@aetherius/shared/metrics';

/** What is counted of agents that introduce themselves, under the names that dashboards expect. */
export function createRegistrationMetrics(metrics: Registry) {
  const counter = (name: string, help: string) => new Counter({ name, help, registers: [metrics] });
  return {
    attempts: counter('agent_registration_attempts_total', 'Introductions of agents that were heard'),
    failures: counter('agent_registration_failures_total', 'Introductions that were refused or could not be stored'),
    registered: counter('agent_registered_total', 'Introductions that were stored'),
  };
}
