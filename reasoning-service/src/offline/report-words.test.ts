import { type Bundle, Diagnosis } from '@aetherius/shared/contracts';
import { aDiagnosis } from '@aetherius/shared/testing';
import { describe, expect, it } from '@jest/globals';
import type { ClusterHealth } from '../diagnosis/health/cluster-health.ts';
import { healthInWords } from './health-words.ts';
import { reportOf } from './report.ts';
import { reportWords, type Words } from './report-words.ts';

const subject = { kind: 'Deployment', namespace: 'shop', name: 'cart' };
const at = '2026-03-01T10:00:00.000Z';
const full = Diagnosis.parse({
  ...aDiagnosis(),
  comparisons: [{ with: 'peers', speaks: 'against', says: 'P', evidence: [] }],
  rejected: [{ category: 'dns_failure', reason: 'R' }],
  runbooks: [{ id: 'r', title: 'T', why: 'W' }],
  missing_evidence: ['M'],
  root_cause: { subject: { kind: 'Node', namespace: null, name: 'n1' }, description: 'D' },
  explanation: { text: 'X', language: 'zh', model: 'm-1', degraded_reason: null },
  metric_causes: {
    ...{
      status: 'answered',
      reason: null,
      onset: at,
      onset_found: true,
      confidence: 0.9,
      strength: 'strong',
      series: 3,
    },
    target: { entity: 'shop/front', metric: 'latency' },
    ranked: [{ subject, entity: 'e', metric: 'm', evidence: [{ id: 'i', quote: 'q' }] }],
  },
});
const counted = { critical: 1, high: 0, medium: 0, low: 0, unknown: 0 };
const tally = { total: 4, well: 2, starting: 1, unwell: ['p'] };
const health: ClusterHealth = {
  status: 'degraded',
  nodes: { total: 3, ready: 2, not_ready: ['n2'], unwell: ['n3'], cordoned: ['n2'] },
  pods: { total: 4, by_phase: { Running: 4 }, by_health: { broken: 1 } },
  control_plane: tally,
  system_pods: tally,
  workloads: { Deployment: tally },
  findings: counted,
};
const cut: Bundle['cut'] = ['C'];
const reported = {
  ...full,
  further_findings: [],
  health,
  unread: [{ file: 'f', reason: 'u' }],
  cut,
  moment: { at, until: at },
  assumed_namespace: 'd',
};

/** Every text that the words of a language hold, without what is put into them. */
const textsOf = (words: Words): string[] =>
  Object.values(words).flatMap((word): string[] => {
    if (word === null) return [];
    if (typeof word === 'string') return [word];
    if (typeof word === 'object') return Object.values(word);
    return [(word as (...given: string[]) => string)('§', '§', '§')];
  });
/** The longest run of letters: what of a text cannot be there by chance. */
const core = (text: string): string =>
  text
    .split(/§|[^\p{L} ]/u)
    .reduce((longest, part) => (part.trim().length > longest.length ? part.trim() : longest), '');

describe('a report in Chinese', () => {
  it('has Chinese words for all that is fixed', () => {
    for (const text of textsOf(reportWords.zh).filter((word) => word !== ''))
      expect(text).toMatch(/\p{Script=Han}|^§：§$|Pod/u);
  });

  it('keeps none of the fixed words of the English one, and all that the rules said', () => {
    const [english, chinese] = [reportOf(reported), reportOf(reported, 'zh')];
    const fixed = textsOf(reportWords.en)
      .map(core)
      .filter((word) => word.length > 4 && english.includes(word) && !JSON.stringify(reported).includes(word));
    expect(fixed.length).toBeGreaterThan(20);
    for (const word of fixed) expect(chinese).not.toContain(word);
    for (const { id } of full.evidence) expect(chinese).toContain(`\`${id}\`: `);
    expect(chinese).toContain('D（起因：Node n1）');
    expect(chinese.split('\n').length).toBe(english.split('\n').length + 2);
  });

  it('is the English one where nothing else is asked for', () => {
    expect(reportOf(reported)).toBe(reportOf(reported, 'en'));
    expect(healthInWords(health, reportWords.zh)).toContain(
      '节点：3 个中有 2 个就绪 (未就绪：n2)，就绪但不健康 (n3)，已封锁调度 (n2)',
    );
  });
});
