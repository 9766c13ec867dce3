import { Severity } from '@aetherius/shared/contracts';
import { Gauge, type Registry } from '@aetherius/shared/metrics';
import type { Fleet } from './fleet/fleet.ts';
import { livenessStates } from './fleet/liveness.ts';
import type { IncidentView } from './incidents/incident-view.ts';

type Figures = () => Promise<[string, number][]>;
type Deps = { metrics: Registry; fleet: Fleet; view: IncidentView };

/** Figures that are true at the moment of a scrape: open incidents and agents by state. */
export function registerGauges({ metrics, fleet, view }: Deps): void {
  const incidents: Figures = async () => {
    const counts = new Map((await view.open()).map((row) => [row.severity, row.count]));
    return Severity.options.map((severity) => [severity, counts.get(severity) ?? 0]);
  };
  const agents: Figures = async () => {
    const all = await fleet.agents();
    return livenessStates.map((status) => [status, all.filter((agent) => agent.status === status).length]);
  };
  const registers = [metrics];
  const declared = [
    {
      name: 'aetherius_manager_incidents_open',
      help: 'Incidents that are open now',
      label: 'severity',
      figures: incidents,
    },
    { name: 'aetherius_manager_agents', help: 'Known agents', label: 'status', figures: agents },
  ];
  for (const { name, help, label, figures } of declared)
    new Gauge({
      name,
      help,
      labelNames: [label],
      registers,
      async collect() {
        this.reset();
        // Without the database there is no figure, but the rest of the scrape still has to come through.
        for (const [value, count] of await figures().catch(() => [])) this.set({ [label]: value }, count);
      },
    });
}
