import { Bundle, Category, Diagnosis, limitSeries } from '@aetherius/shared/contracts';
import { describe, expect, it } from '@jest/globals';
import { diagnose } from './diagnose.ts';

const at = '2026-03-01T10:00:00.000Z';
const data = { kind: 'PersistentVolumeClaim', namespace: 'shop', name: 'data' };
const forecast = {
  id: 'forecast:volume_used_ratio',
  series: { name: 'volume_used_ratio', labels: {} },
  at,
  value: 0.78,
  limit: 1,
  reached_at: '2026-03-01T11:30:00.000Z',
  earliest_at: '2026-03-01T11:18:00.000Z',
  latest_at: '2026-03-01T11:48:00.000Z',
  probability: 0.987,
  confidence: 0.9,
};
const bundle = (changes: object = {}, parts: object = {}) =>
  Bundle.parse({ cluster: 'eu-1', at, subject: data, forecasts: [{ ...forecast, ...changes }], ...parts });
const claim = (storageClassName: string) => ({
  ...{ id: 'claim', ...data },
  body: { spec: { storageClassName }, status: { phase: 'Bound' } },
});

describe('a limit that is foretold', () => {
  it('is answered as what will be, when, and no surer than the forecast and its past', () => {
    const answer = Diagnosis.parse(diagnose(bundle()));
    expect(answer).toMatchObject({
      status: 'answered',
      category: 'disk_full',
      severity: 'high',
      subject: data,
      confidence: 0.9,
      foreseen: { reached_at: forecast.reached_at, probability: 0.987 },
      evidence: [{ id: forecast.id }],
    });
    expect(answer.root_cause.description).toBe(
      'the volume of PersistentVolumeClaim shop/data will be full in about 1.5 h (1.3 to 1.8 h), at 2026-03-01T11:30Z, with a probability of 98 % as seen at 2026-03-01T10:00Z; nothing has failed yet',
    );
    expect(answer.evidence[0]?.quote).toContain('0.78 of 1');
    expect(diagnose(bundle({ confidence: 1, probability: 0.8 })).confidence).toBe(0.8);
  });

  it('is said to be reached only when it is', () => {
    const { description } = diagnose(bundle({ value: 1, reached_at: at })).root_cause;
    expect(description).toContain('is full since');
    expect(description).not.toContain('will be');
  });

  it('asks for the object, then for the class that says whether it can grow, then for nothing', () => {
    const reads = (objects: object[]) =>
      diagnose(bundle({}, { objects })).reads.map(({ action, target }) => [action, target.kind, target.name]);
    expect(reads([])).toEqual([['describe', 'PersistentVolumeClaim', 'data']]);
    expect(reads([claim('fast')])).toEqual([['get', 'StorageClass', 'fast']]);
    const fast = { id: 'class', kind: 'StorageClass', name: 'fast', body: { allowVolumeExpansion: true } };
    expect(reads([claim('fast'), fast])).toEqual([]);
  });

  it('goes behind a fault of the same object that is there', () => {
    const events = [
      {
        ...{ id: 'e', type: 'Warning', reason: 'ProvisioningFailed', component: 'persistentvolume-controller' },
        ...{ message: 'storageclass.storage.k8s.io "gone" not found', count: 9, ...data, last_timestamp: at },
      },
    ];
    const pending = { ...claim('gone'), body: { spec: { storageClassName: 'gone' }, status: { phase: 'Pending' } } };
    const answer = diagnose(bundle({}, { objects: [pending], events }));
    expect(answer.category).toBe('pvc_storageclass_missing');
    expect(answer.foreseen ?? null).toBeNull();
  });

  it('has a cause of the catalogue for each series that runs towards a limit, but restarts', () => {
    const found = Object.entries(limitSeries).map(([name, kind]) => [
      kind,
      diagnose(bundle({ series: { name, labels: {} } })).foreseen == null
        ? null
        : diagnose(bundle({ series: { name, labels: {} } })).category,
    ]);
    expect(Object.fromEntries(found)).toEqual({
      disk: 'node_disk_pressure_eviction',
      claim: 'disk_full',
      memory: 'oom_killed',
      quota: 'quota_exceeded',
      hpa: 'autoscaler_misconfiguration',
      connection_pool: 'latency_high',
      certificate: 'tls_certificate_expired',
      restarts: null,
    });
    for (const [, category] of found) if (category !== null) expect(Category.options).toContain(category);
  });

  it('makes no command of a name that no cluster has', () => {
    const odd = { ...data, name: 'data; rm -rf /' };
    expect(diagnose(bundle({}, { subject: odd }))).toMatchObject({ status: 'answered', reads: [] });
  });
});
