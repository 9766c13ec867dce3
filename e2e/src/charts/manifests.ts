import type { GeneratedDocument } from './generated-document.ts';
import { type Installation, render } from './helm.ts';

const folder = 'deployments/manifests';

const only = (...names: string[]): string[] => names.flatMap((name) => ['--show-only', `templates/${name}.yaml`]);

const switchedOn = { podDisruptionBudget: { enabled: true }, autoscaling: { enabled: true } };

/** The control plane as the plain manifests have it: the services migrate when they start, because kubectl knows no hooks. */
const inside = {
  nats: { bundled: { enabled: true } },
  // Of agents in the same cluster; an overlay for others names another.
  enrolment: { publicUrl: 'http://aetherius-agent-manager.aetherius.svc:8080' },
  migrations: { hook: { enabled: false } },
};
const plane: Installation = { chart: 'aetherius', values: inside };
/** Name, address and token in one Secret, as the control plane gives them in a command to paste. */
const agent: Installation = { chart: 'aetherius-agent', values: { existingSecret: 'aetherius-agent-enrolment' } };

/** Each generated file of the plain manifests, and the part of an installation that it is. */
const files: Record<string, Installation> = {
  'base/control-plane.yaml': { ...plane, args: only('settings', 'services', 'deployments') },
  'components/nats/nats.yaml': { ...plane, args: only('bundled-nats') },
  'components/postgres/postgres.yaml': {
    ...plane,
    values: { ...inside, postgres: { bundled: { enabled: true } } },
    args: only('bundled-postgres'),
  },
  'components/high-availability/availability.yaml': {
    ...plane,
    values: {
      ...inside,
      redis: { existingSecret: 'aetherius-redis' },
      manager: switchedOn,
      orchestrator: switchedOn,
      reasoning: switchedOn,
    },
    args: only('availability'),
  },
  'agent/account.yaml': { ...agent, args: only('account') },
  'agent/read.yaml': { ...agent, args: only('read') },
  'agent/lease.yaml': { ...agent, args: only('lease') },
  'agent-write/write.yaml': {
    ...agent,
    values: { ...agent.values, allowChanges: true },
    args: only('write'),
  },
  'agent-program/program.yaml': { ...agent, args: only('settings', 'deployment') },
};

/** Marks of Helm that say nothing true of an object that kubectl applied. */
const marks = /^ *(?:helm\.sh\/chart|app\.kubernetes\.io\/managed-by): .*\n|^# Source: .*\n/gm;

/** The plain manifests as the charts say them now. */
export const plainManifests = (helm: string): Promise<GeneratedDocument[]> =>
  Promise.all(
    Object.entries(files).map(async ([file, installation]) => ({
      file: `${folder}/${file}`,
      text: `# Made from deployments/charts/${installation.chart} by "npm run generate".\n${(await render(helm, installation)).replace(marks, '')}`,
    })),
  );
