import type { BundleObject, JsonObject, Subject } from '@aetherius/shared/contracts';
import { subjectOf } from '../../diagnosis/graph/object-key.ts';
import { objectAt, objectsAt, textAt, wordAt } from '../../diagnosis/json-path.ts';
import { mebibytes, parseQuantity } from '../../diagnosis/quantity.ts';
import { MEMORY_IN_USE, type Scope } from '../scope.ts';
import { type Change, containersOf, ownWorkload } from './aimed.ts';

const resourceNames = ['cpu', 'memory'] as const;
type Resource = (typeof resourceNames)[number];
type Figures = Partial<Record<Resource, string>>;

const stated = (container: JsonObject, side: 'requests' | 'limits', resource: Resource) =>
  wordAt(container, `resources.${side}.${resource}`);

const asQuantity = (resource: Resource, amount: number): string =>
  resource === 'memory' ? mebibytes(amount) : `${Math.ceil(amount * 1000 - 1e-6)}m`;

const isEmpty = (figures: Figures): boolean => Object.keys(figures).length === 0;

const rangesOf = ({ facts, diagnosis }: Scope): JsonObject[] =>
  facts
    .of('LimitRange')
    .filter(({ namespace }) => namespace === diagnosis.subject.namespace)
    .flatMap(({ body }) => objectsAt(body, 'spec.limits'))
    .filter((one) => textAt(one, 'type') === 'Container');

/** The figure that a LimitRange would accept in the place of one that it refuses. */
function fitted(range: JsonObject, resource: Resource, figure: string | undefined): string | undefined {
  const [now, most, least] = [figure, wordAt(range, `max.${resource}`), wordAt(range, `min.${resource}`)].map(
    parseQuantity,
  );
  if (now === undefined) return undefined;
  if (most !== undefined && now > most) return asQuantity(resource, most);
  return least !== undefined && now < least ? asQuantity(resource, least) : undefined;
}

/** What of one side of a container's figures has to move, over all ranges of the namespace. */
const fittedSide = (ranges: readonly JsonObject[], container: JsonObject, side: 'requests' | 'limits'): Figures =>
  Object.fromEntries(
    ranges.flatMap((range) =>
      resourceNames.flatMap((resource) => {
        const figure = fitted(range, resource, stated(container, side, resource));
        return figure === undefined ? [] : [[resource, figure]];
      }),
    ),
  );

/** Requests and limits of the first container that a LimitRange refuses, moved to its nearest bound. */
export const withinLimitRange: Change<'set_resources'> = {
  action: 'set_resources',
  of: (scope) => {
    const workload = ownWorkload(scope);
    const ranges = rangesOf(scope);
    for (const one of workload === undefined ? [] : containersOf(scope, workload.pod)) {
      const [requests, limits] = [fittedSide(ranges, one, 'requests'), fittedSide(ranges, one, 'limits')];
      const container = textAt(one, 'name');
      const fits = isEmpty(requests) && isEmpty(limits);
      if (workload !== undefined && container !== undefined && !fits)
        return { target: workload.target, parameters: { container, requests, limits } };
    }
    return undefined;
  },
};

const countedBy = ({ facts, diagnosis }: Scope): Set<string> =>
  new Set(
    facts
      .of('ResourceQuota')
      .filter(({ namespace }) => namespace === diagnosis.subject.namespace)
      .flatMap(({ body }) => Object.keys(objectAt(body, 'spec.hard') ?? {})),
  );

/** Twice its request as the limit of a container, where a quota wants a limit and none is stated. */
export const limitsForQuota: Change<'set_resources'> = {
  action: 'set_resources',
  of: (scope) => {
    const workload = ownWorkload(scope);
    const counted = countedBy(scope);
    if (workload === undefined) return undefined;
    for (const container of containersOf(scope, workload.pod)) {
      const limits: Figures = {};
      for (const resource of resourceNames) {
        const request = parseQuantity(stated(container, 'requests', resource));
        const isWanted = counted.has(`limits.${resource}`) && stated(container, 'limits', resource) === undefined;
        if (isWanted && request !== undefined) limits[resource] = asQuantity(resource, 2 * request);
      }
      const name = textAt(container, 'name');
      if (name !== undefined && !isEmpty(limits))
        return { target: workload.target, parameters: { container: name, requests: {}, limits } };
    }
    return undefined;
  },
};

type Heavy = { workload: Subject; container: string; used: number; request: number };

/** What the containers of a node's pods use of its memory beside what they request. */
function heaviestOn({ facts, diagnosis }: Scope): Heavy | undefined {
  const pods = new Set(
    facts.graph.in(diagnosis.subject, 'runs_on').map(({ from }) => `${from.namespace}/${from.name}`),
  );
  const isHere = (pod: BundleObject) => pods.has(`${pod.namespace}/${pod.name}`);
  const all = facts.containers
    .filter(({ pod }) => isHere(pod))
    .flatMap(({ pod, name, spec }): Heavy[] => {
      const used = facts.bundle.metrics
        .filter(
          ({ name: metric, labels }) =>
            MEMORY_IN_USE.test(metric) && labels['pod'] === pod.name && labels['container'] === name,
        )
        .flatMap(({ points }) => points.at(-1)?.[1] ?? []);
      const request = parseQuantity(wordAt(spec, 'resources.requests.memory')) ?? 0;
      return used[0] === undefined
        ? []
        : [{ workload: facts.top(subjectOf(pod)), container: name, used: used[0], request }];
    });
  return all
    .filter(({ used, request }) => used > request)
    .toSorted((a, b) => b.used - b.request - (a.used - a.request))[0];
}

/** The memory that it uses as the request of the container that is furthest above what it asked of this node. */
export const trueRequest: Change<'set_resources'> = {
  action: 'set_resources',
  of: (scope) => {
    const heavy = heaviestOn(scope);
    if (heavy === undefined || !['Deployment', 'StatefulSet', 'DaemonSet'].includes(heavy.workload.kind))
      return undefined;
    const { workload, container, used } = heavy;
    return { target: workload, parameters: { container, requests: { memory: mebibytes(used) }, limits: {} } };
  },
};
