import { describe, expect, it } from '@jest/globals';
import { readyPlaces, type Slice } from './followed-services.ts';

const slice = (service: string, port: number | null, pods: Record<string, boolean | undefined>): Slice => ({
  metadata: { name: `${service}-x`, labels: { 'kubernetes.io/service-name': service } },
  ports: port === null ? null : [{ name: 'http', port }],
  endpoints: Object.entries(pods).map(([address, ready]) => ({
    addresses: [address],
    conditions: ready === undefined ? {} : { ready },
  })),
});

describe('where a service leads', () => {
  it('is every ready pod of its slices, at the port of that name', () => {
    const slices = [slice('a', 8080, { '10.0.0.1': true }), slice('a', 8080, { '10.0.0.2': true })];
    expect(readyPlaces(slices, 'a', 'http')).toEqual([
      { host: '10.0.0.1', port: 8080 },
      { host: '10.0.0.2', port: 8080 },
    ]);
  });

  it('is no pod that is not ready, or does not say so, or is of another service', () => {
    const slices = [
      slice('a', 8080, { '10.0.0.1': false, '10.0.0.2': undefined }),
      slice('b', 8080, { '10.0.0.3': true }),
    ];
    expect(readyPlaces(slices, 'a', 'http')).toEqual([]);
  });

  it('is nowhere without such a port', () => {
    expect(readyPlaces([slice('a', 8080, { '10.0.0.1': true })], 'a', 'client')).toEqual([]);
    expect(readyPlaces([slice('a', null, { '10.0.0.1': true })], 'a', 'http')).toEqual([]);
  });
});
