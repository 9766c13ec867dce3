import { describeUnless } from '@aetherius/shared/testing';
import { builtHelm, type Installation, render } from '../src/charts/helm.ts';
import { type ChartObject, objectsIn } from '../src/charts/objects.ts';

const helm = builtHelm();
/** Building Helm takes minutes, so it is left to `npm run verify`. */
export const withHelm = describeUnless(helm === undefined ? 'no Helm yet, npm run verify builds it' : undefined);

const bus = { nats: { url: 'tls://bus.example.com:4222' } };
const member = { clusterName: 'west-1', url: 'https://aetherius.example.com', token: 'secret' };

/** The objects of a chart with these values, on top of the least that it needs. */
export const rendered = async (
  chart: Installation['chart'],
  values: object,
  more: Pick<Installation, 'release' | 'args'> = {},
): Promise<ChartObject[]> =>
  objectsIn(
    await render(helm ?? '', {
      chart,
      values: { ...(chart === 'aetherius' ? bus : member), ...values },
      ...more,
    }),
  );
/** The objects of the control plane. */
export const plane = (values: object = {}): Promise<ChartObject[]> => rendered('aetherius', values);
/** The objects of an agent. */
export const agent = (values: object = {}): Promise<ChartObject[]> => rendered('aetherius-agent', values);
/** Values that bring the bundled servers. */
export const all = { nats: { bundled: { enabled: true } }, postgres: { bundled: { enabled: true } } };

/** The objects of one kind. */
export const ofKind = (objects: readonly ChartObject[], kind: string): ChartObject[] =>
  objects.filter((object) => object.kind === kind);
/** What the objects of one kind specify. */
export const specsOf = (objects: readonly ChartObject[], kind: string): unknown[] =>
  ofKind(objects, kind).map(({ spec }) => spec);
/** The containers of all workloads. */
export const containersIn = (objects: readonly ChartObject[]): Record<string, unknown>[] =>
  objects.flatMap(({ spec }) => (spec?.template?.spec.containers ?? []) as unknown as Record<string, unknown>[]);
