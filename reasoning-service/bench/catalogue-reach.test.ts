import { isWriteAction, parametersOf, type Recommendation } from '@aetherius/shared/contracts';
import { describe, expect, it } from '@jest/globals';
import { diagnose } from '../src/diagnosis/diagnose.ts';
import { loadRemedies } from '../src/recommendations/load-remedies.ts';
import { recommend } from '../src/recommendations/recommend.ts';
import { isAdvising, isDoing } from '../src/recommendations/remedy.ts';
import { asked, builtIncidents, shownTo, shownToBarePod } from '../test/built-incidents.ts';
import { readHalf } from './incident-library.ts';

const catalogue = loadRemedies(new URL('../recommendations/', import.meta.url));
const outcomes = new Map();
const recorded = readHalf('tune').map(({ bundle }) =>
  recommend({ diagnosis: diagnose(bundle), bundle, outcomes, catalogue }),
);
const built = builtIncidents.map((one) => ({ one, found: recommend({ ...asked(one), outcomes, catalogue }) }));
const all = [...recorded, ...built.map(({ found }) => found)];
const everyAction = all.flatMap(({ recommendations }) => recommendations);

/** What is said where a remedy fits only those words. */
const words: Readonly<Record<string, string>> = {
  tag_subnets: 'could not find any suitable subnets for creating the ELB',
  permit_load_balancer: 'AccessDenied: elasticloadbalancing:CreateLoadBalancer',
  open_way_to_registry: 'Failed to pull image "r/x:1": dial tcp 10.0.0.9:443: i/o timeout',
  agree_on_registry_tls: 'Failed to pull image "r/x:1": http: server gave HTTP response to HTTPS client',
  make_missing_class: 'pods "x" is forbidden: no PriorityClass with name high was found',
  bring_schema_up: 'Migrations are pending. To resolve this issue, run: (ActiveRecord::PendingMigrationError)',
  give_heap_room: 'FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory',
  renew_api_credentials: 'the server has asked for the client to provide credentials',
  raise_kernel_limit: 'inotify_add_watch: no space left on device',
  free_etcd_database: 'etcdserver: mvcc: database space exceeded',
  agree_on_certificate_name: 'x509: certificate is valid for dock.internal, not dock',
  fit_connections: 'FATAL:  sorry, too many clients already',
  wait_for_volume_change:
    "VolumeModificationRateExceeded: You've reached the maximum modification rate per volume limit",
  use_growing_class: 'storageclass "local-path" does not allow volume expansion',
};

const isComplete = ({ action, parameters, target }: Recommendation): boolean =>
  isWriteAction(action) && parametersOf[action].safeParse(parameters).success && target.name !== '';

describe('the catalogue of remedies', () => {
  it('binds more than sixty of its entries to a writing action, and every other one to a read of the agent', () => {
    const writing = catalogue.filter(isDoing);
    const reading = catalogue.filter((one) => !isDoing(one) && isAdvising(one));
    expect(catalogue.length).toBeGreaterThanOrEqual(120);
    expect(writing.length).toBeGreaterThanOrEqual(70);
    expect(writing.length + reading.length).toBe(catalogue.length);
  });

  it.each(catalogue.filter(isDoing).map(({ name }) => name))('%s is computed in full from some incident', (name) => {
    const found = everyAction.filter((one) => one.name === name);
    expect(found.length).toBeGreaterThan(0);
    expect(found.every(isComplete)).toBe(true);
  });

  it.each(catalogue.filter((one) => !isDoing(one)).map((one) => [one.name, one] as const))(
    '%s is told with the read that shows more',
    (name, { categories }) => {
      const told = all.flatMap(({ advice }) => advice).filter((one) => one.name === name);
      const asIf = categories.flatMap((category) => {
        const shown = [shownTo(category, words[name]), shownToBarePod(category)];
        const advice = shown.flatMap((one) => recommend({ ...asked(one), outcomes, catalogue }).advice);
        return advice.filter((one) => one.name === name);
      });
      expect(told.length + asIf.length).toBeGreaterThan(0);
      expect([...told, ...asIf].some(({ look }) => look !== null)).toBe(true);
    },
  );
});

describe('a built incident', () => {
  it.each(built.map(({ one, found }) => [one.remedy, one, found] as const))('leads to %s', (remedy, one, found) => {
    const mine = found.recommendations.find(({ name }) => name === remedy);
    expect(mine).toMatchObject({ target: one.target, parameters: one.parameters });
    expect(mine?.parameters).toEqual(one.parameters);
  });
});
