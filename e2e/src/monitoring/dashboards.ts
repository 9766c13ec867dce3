import type { Dashboard } from './dashboard.ts';
import { agent } from './dashboards/agent.ts';
import { diagnosis } from './dashboards/diagnosis.ts';
import { fleet } from './dashboards/fleet.ts';
import { pipeline } from './dashboards/pipeline.ts';
import { manager, orchestrator, reasoning } from './dashboards/services.ts';
import { workflows } from './dashboards/workflows.ts';

/** Every dashboard that is shipped. */
export const dashboards: readonly Dashboard[] = [
  fleet,
  pipeline,
  workflows,
  diagnosis,
  manager,
  orchestrator,
  reasoning,
  agent,
];
