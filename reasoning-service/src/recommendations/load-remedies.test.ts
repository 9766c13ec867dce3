import { Category } from '@aetherius/shared/contracts';
import { describe, expect, it } from '@jest/globals';
import { loadRemedies, readRemedies } from './load-remedies.ts';
import { isDoing } from './remedy.ts';

const all = loadRemedies(new URL('../../recommendations/', import.meta.url));
const entry = `
- name: raise
  title: Raise it
  categories: [oom_killed]
  confidence: 0.9
  risk: low
  reason: because of {memory_limit}
  do:
    action: set_resources
    parameters: { container: { from: container }, limits: { memory: { from: doubled_memory_limit } } }
    success: { condition: workload_available, held_for: 5s, window: 3m }
    rollback: set_resources
`;

describe('the shipped catalogue', () => {
  it('has at least sixty remedies, and the sixteen that the public system knew by name', () => {
    expect(all.length).toBeGreaterThanOrEqual(60);
    expect(all.map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        'increase_memory_limit',
        'add_memory_request',
        'optimize_application',
        'increase_cpu_limit',
        'optimize_workload',
        'fix_image_reference',
        'configure_image_pull_secret',
        'fix_configuration',
        'add_missing_env_vars',
        'check_service_connectivity',
        'fix_service_dns',
        'fix_pvc_binding',
        'cleanup_disk_space',
        'increase_volume_size',
        'adjust_resource_quotas',
        'add_node_capacity',
      ]),
    );
  });

  it('binds at least sixty to an action of an agent', () => {
    expect(all.filter(isDoing).length).toBeGreaterThanOrEqual(60);
  });

  it('has something for every cause', () => {
    const covered = new Set(all.flatMap(({ categories }) => categories));
    expect(Category.options.filter((category) => !covered.has(category))).toEqual(['no_incident']);
  });

  it('writes only what can be checked, and can undo it or says that it cannot', () => {
    for (const remedy of all.filter(isDoing)) {
      expect(remedy.do.success.condition).toBeDefined();
      if (remedy.do.rollback === null)
        expect(['restart_workload', 'delete_pod', 'evict_pod', 'resize_claim']).toContain(remedy.do.action);
    }
  });
});

describe('a file of the catalogue', () => {
  it('is read when it is right', () => {
    expect(readRemedies('one.yaml', entry)).toHaveLength(1);
  });

  it.each([
    ['a value that is not there', 'from: container }', 'from: contaner }', /no value is called "contaner"/],
    ['a value in the text', '{memory_limit}', '{memory_lim}', /no value is called "memory_lim"/],
    ['a parameter that the action does not have', 'limits:', 'limit:', /limit/],
    ['a value of the wrong kind', 'from: doubled_memory_limit', 'from: container', /quantity/],
    ['an action that is not there', 'set_resources\n    par', 'set_memory\n    par', /action/],
    ['an action that changes nothing', 'set_resources\n    par', 'get\n    par', /changes nothing/],
    ['a cause that is not there', 'oom_killed', 'oom', /categories/],
    ['no risk', '  risk: low\n', '', /risk/],
  ])('names file and entry for %s', (_, right, wrong, message) => {
    const read = () => readRemedies('one.yaml', entry.replace(right, wrong));
    expect(read).toThrow(/file: one\.yaml, entry: raise/);
    expect(read).toThrow(message);
  });

  it.each([
    ['{', /one\.yaml/],
    ['name: x', /not a list/],
  ])('refuses %j', (text, message) => {
    expect(() => readRemedies('one.yaml', text)).toThrow(message);
  });
});
