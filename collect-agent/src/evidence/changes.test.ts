import type { Json } from '@aetherius/shared/contracts';
import { describe, expect, it } from '@jest/globals';
import { ago, NOW } from '../../test/objects.ts';
import { latestRollout } from './changes.ts';

const subject = { kind: 'Deployment', namespace: 'shop', name: 'cart' };
const app = (fields: object = {}) => ({
  name: 'app',
  image: 'cart:1',
  env: [{ name: 'MODE', value: 'fast' }],
  ...fields,
});
const template = (...containers: object[]): Json =>
  ({ metadata: { labels: { app: 'cart' } }, spec: { containers } }) as Json;
const fields = (before: Json, after: Json) =>
  latestRollout(
    subject,
    [
      { revision: 2, at: ago(60), template: after },
      { revision: 1, at: ago(900), template: before },
    ],
    NOW,
  )[0]?.fields;
const at = 'spec.template.spec.containers[app]';

describe('what was rolled out', () => {
  it('has its revisions and its time', () => {
    const revisions = [3, 10, 9].map((revision) => ({
      revision,
      at: ago(100 - revision),
      template: template(app({ image: `cart:${revision}` })),
    }));
    expect(latestRollout(subject, revisions, NOW)).toMatchObject([
      {
        change: 'rollout',
        at: ago(90),
        from_revision: '9',
        to_revision: '10',
        fields: [{ path: `${at}.image`, before: 'cart:9', after: 'cart:10' }],
      },
    ]);
  });

  it.each([
    [
      'a variable',
      app({ env: [{ name: 'MODE', value: 'quick' }] }),
      [{ path: `${at}.env[MODE]`, before: 'fast', after: 'quick' }],
    ],
    [
      'a variable more',
      app({
        env: [
          { name: 'X', value: '1' },
          { name: 'MODE', value: 'fast' },
        ],
      }),
      [{ path: `${at}.env[X]`, before: null, after: '1' }],
    ],
    ['a command', app({ command: ['run', '-v'] }), [{ path: `${at}.command`, before: null, after: '["run","-v"]' }]],
    [
      'a limit',
      app({ resources: { limits: { memory: '1Gi' } } }),
      [{ path: `${at}.resources.limits.memory`, before: null, after: '1Gi' }],
    ],
    [
      'a probe',
      app({ livenessProbe: { httpGet: { path: '/x', port: 80 } } }),
      [
        { path: `${at}.livenessProbe.httpGet.path`, before: null, after: '/x' },
        { path: `${at}.livenessProbe.httpGet.port`, before: null, after: '80' },
      ],
    ],
    [
      'a ConfigMap',
      app({ envFrom: [{ configMapRef: { name: 's' } }] }),
      [{ path: `${at}.envFrom`, before: null, after: '[{"configMapRef":{"name":"s"}}]' }],
    ],
    ['nothing', app(), []],
  ])('tells %s', (_, after, expected) => {
    expect(fields(template(app()), template(after))).toEqual(expected);
  });
});

describe('what is not told of a rollout', () => {
  it('does not mistake a container put in front for a change of the others', () => {
    const changed = fields(template(app()), template({ name: 'proxy', image: 'envoy:1' }, app()));
    expect(changed).toEqual([{ path: 'spec.template.spec.containers[proxy].image', before: null, after: 'envoy:1' }]);
  });

  it('says that a secret value changed and not which', () => {
    const password = (value: string) => template(app({ env: [{ name: 'DB_PASSWORD', value }] }));
    expect(fields(password('old-one'), password('new-one'))).toEqual([
      { path: `${at}.env[DB_PASSWORD]`, before: '[redacted]', after: '[redacted]' },
    ]);
  });

  it('says nothing of a first revision or of one that is a day old', () => {
    const old = [1, 2].map((revision) => ({
      revision,
      at: ago(90_000),
      template: template(app({ image: `${revision}` })),
    }));
    expect([latestRollout(subject, old, NOW), latestRollout(subject, old.slice(1), NOW)]).toEqual([[], []]);
  });
});
