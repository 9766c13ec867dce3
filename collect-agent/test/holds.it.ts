import { OPT_OUT_ANNOTATION } from '@aetherius/shared/contracts';
import { needs } from '@aetherius/shared/testing';
import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { KubeError } from '../src/kube/kube-error.ts';
import { deployment, type Fixture, order, rolledOut, startFixture } from './agent-fixture.ts';

const FREEZE = 'aetherius.io/freeze';
const tomorrow = () => new Date(Date.now() + 86_400_000).toISOString();

needs('nats')('objects that their owner holds back', () => {
  let agent: Fixture;
  beforeAll(async () => {
    agent = await startFixture();
    agent.simulator.store.create(deployment('cart'));
    await rolledOut(agent.simulator, 'cart');
  }, 30_000);
  afterAll(() => agent.stop(), 30_000);

  type Place = [kind: string, namespace: string | undefined, name: string];
  const shop: Place = ['Namespace', undefined, 'shop'];
  const cart: Place = ['Deployment', 'shop', 'cart'];
  const mark = (place: Place, annotations: Record<string, string> | undefined) =>
    agent.simulator.store.mutate(...place, (draft) => {
      if (annotations === undefined) delete draft.metadata.annotations;
      else draft.metadata.annotations = annotations;
    });
  afterEach(() => {
    agent.state.client = undefined;
    for (const place of [shop, cart]) mark(place, undefined);
  });

  const uidOf = (kind: string, name: string) => agent.simulator.store.get(kind, 'shop', name)?.metadata.uid ?? '';
  const restart = (dry_run: boolean) =>
    order('restart_workload', { kind: 'Deployment', name: 'cart', uid: uidOf('Deployment', 'cart') }, { dry_run });
  const podOf = () =>
    agent.simulator.store.list('Pod', 'shop').find(({ metadata }) => metadata.labels?.['app'] === 'cart')?.metadata;
  const removal = () => order('delete_pod', { kind: 'Pod', name: podOf()?.name ?? '', uid: podOf()?.uid ?? '' });

  it.each<[string, Place, Record<string, string>, RegExp]>([
    ['frozen for a time', cart, { [FREEZE]: tomorrow() }, /^frozen: Deployment shop\/cart is frozen .* until 20/],
    [
      'frozen without a time',
      cart,
      { [FREEZE]: 'release' },
      /^frozen: Deployment shop\/cart .* as long as it is there$/,
    ],
    ['in a frozen namespace', shop, { [FREEZE]: tomorrow() }, /^frozen: Namespace shop is frozen/],
    ['in a namespace that opted out', shop, { [OPT_OUT_ANNOTATION]: '' }, /^opted_out: Namespace shop is opted out/],
  ])('leaves alone what is %s, with its pods, already in the dry run', async (_what, place, annotations, words) => {
    mark(place, annotations);
    const before = agent.simulator.store.get('Deployment', 'shop', 'cart')?.metadata['generation'];
    const pod = podOf()?.uid;
    for (const command of [restart(true), restart(false), removal()])
      expect(await agent.carry(command)).toMatchObject({ status: 'refused', reason: expect.stringMatching(words) });
    expect(agent.simulator.store.get('Deployment', 'shop', 'cart')?.metadata['generation']).toBe(before);
    expect(podOf()?.uid).toBe(pod);
  });

  it('goes on once the time is over', async () => {
    mark(shop, { [FREEZE]: '2020-01-01T00:00:00Z' });
    mark(cart, { [FREEZE]: 'false', [OPT_OUT_ANNOTATION]: 'false' });
    expect(await agent.carry(restart(false))).toMatchObject({ status: 'done' });
  });

  it('changes nothing where it may not read what the owner of the namespace wrote', async () => {
    const path = '/api/v1/namespaces/shop';
    const denied = new KubeError({ code: 403, reason: 'Forbidden', message: 'namespaces "shop" is forbidden', path });
    agent.state.client = {
      ...agent.client,
      get: (asked, ...rest) => (asked === path ? Promise.reject(denied) : agent.client.get(asked, ...rest)),
    };
    expect(await agent.carry(restart(false))).toMatchObject({
      status: 'failed',
      reason: 'forbidden: namespaces "shop" is forbidden',
    });
  });
});
