import type { JsonObject } from '@aetherius/shared/contracts';
import type { ChangePlan, NoPlan } from '../change-plan.ts';
import { pointer } from '../json-patch.ts';
import type { Resources, Workload } from '../kube-object.ts';

type Wanted = { container: string; requests: Partial<Record<string, string>>; limits: Partial<Record<string, string>> };
const sides = ['requests', 'limits'] as const;

/** Sets the named requests and limits of one container of the pod template and leaves the others as they are. */
export function planSetResources(workload: Workload, wanted: Wanted): ChangePlan | NoPlan {
  const containers = workload.spec.template.spec.containers;
  const index = containers.findIndex(({ name }) => name === wanted.container);
  const container = containers[index];
  if (container === undefined) return { problem: 'no_such_container' };
  const settings = sides.flatMap((side) =>
    Object.entries(wanted[side]).flatMap(([name, value]) => (value === undefined ? [] : [{ side, name, value }])),
  );
  if (settings.length === 0) return { problem: 'nothing_to_set' };
  const current = container.resources ?? {};
  const field = ({ side, name }: { side: string; name: string }) =>
    `spec.template.spec.containers[${wanted.container}].resources.${side}.${name}`;
  const next = {
    ...current,
    requests: { ...current.requests, ...wanted.requests },
    limits: { ...current.limits, ...wanted.limits },
  };
  return {
    change: [
      {
        op: 'add',
        path: pointer('spec', 'template', 'spec', 'containers', index, 'resources'),
        value: next as JsonObject,
      },
    ],
    before: Object.fromEntries(settings.map((at) => [field(at), current[at.side]?.[at.name] ?? null])),
    after: Object.fromEntries(settings.map((at) => [field(at), at.value])),
    undo: undoOf(wanted.container, settings, current),
  };
}

/** There is no command that removes a limit, so a setting that was absent before cannot be taken back. */
function undoOf(
  container: string,
  settings: { side: (typeof sides)[number]; name: string }[],
  current: Resources,
): ChangePlan['undo'] {
  const parameters: JsonObject & { requests: JsonObject; limits: JsonObject } = { container, requests: {}, limits: {} };
  for (const { side, name } of settings) {
    const before = current[side]?.[name];
    if (before === undefined) return null;
    parameters[side][name] = before;
  }
  return { action: 'set_resources', parameters };
}
