import { Category } from '@aetherius/shared/contracts';
import { aDiagnosis } from '@aetherius/shared/testing';
import { describe, expect, it } from '@jest/globals';
import { createRunbookIndex } from './find-runbooks.ts';
import { loadRunbooks, readRunbook } from './load-runbooks.ts';

const shipped = loadRunbooks([new URL('../../runbooks/', import.meta.url)]);
const index = createRunbookIndex(shipped);
const file = '---\ntitle: T\ncategories: [oom_killed]\n---\nText\n';

describe('a runbook file', () => {
  it('has its front matter and its text', () => {
    expect(readRunbook('a.md', file)).toEqual({
      id: 'a',
      title: 'T',
      categories: ['oom_killed'],
      kinds: [],
      keywords: [],
      text: 'Text',
    });
  });

  it.each([
    ['no front matter', 'Text', /no front matter/],
    ['a cause that is not there', file.replace('oom_killed', 'oom'), /categories/],
    ['a field that is not there', file.replace('title', 'titel'), /titel/],
    ['broken YAML', file.replace('[oom_killed]', '['), /bad\.md/],
    ['too much text', `${file}${'x'.repeat(70_000)}`, /larger than/],
  ])('is refused by name for %s', (_, content, message) => {
    expect(() => readRunbook('bad.md', content)).toThrow(/bad\.md/);
    expect(() => readRunbook('bad.md', content)).toThrow(message);
  });

  it('says which folder is not there', () => {
    expect(() => loadRunbooks([new URL('file:///nowhere/at/all/')])).toThrow(/nowhere/);
  });
});

describe('the shipped runbooks', () => {
  it('are at least ten', () => expect(shipped.length).toBeGreaterThanOrEqual(10));

  it('are found by cause', () => {
    const found = index.forDiagnosis(aDiagnosis({ category: 'oom_killed' }), 2);
    expect(found).toEqual([
      { id: 'out-of-memory', title: 'A container that is killed for memory', why: 'written for oom_killed' },
    ]);
  });

  it('are found by words, whatever their form', () => {
    expect(index.find({ words: 'expiring certificates' }, 3)[0]?.id).toBe('certificates');
    expect(index.find({ words: '' }, 3)).toEqual([]);
  });

  it.each(Category.options.filter((category) => !['no_incident', 'unknown'].includes(category)))(
    'have one for %s',
    (category) => {
      const found = index.forDiagnosis(aDiagnosis({ category }), 2);
      expect(found.map(({ why }) => why)).toContain(`written for ${category}`);
    },
  );

  const subject = { kind: 'Deployment', namespace: null, name: 'x' };
  const told = (description: string) => aDiagnosis({ category: 'unknown', root_cause: { subject, description } });

  it('are cited by words where none was written for the cause', () => {
    expect(index.forDiagnosis(told('the registry answers unauthorized for the pull secret'), 1)).toEqual([
      expect.objectContaining({ id: 'image-pull', why: expect.stringMatching(/speaks of .*registry/) }),
    ]);
  });

  it('are not cited for words that occur anywhere', () => {
    const denied = 'the account is denied: it cannot list pods in the namespace';
    expect(index.forDiagnosis(told(denied), 2)).toEqual([]);
    expect(index.find({ words: 'node' }, 2)).toHaveLength(2);
  });

  it('are not cited when nothing is wrong', () => {
    expect(index.forDiagnosis(aDiagnosis({ category: 'no_incident' }), 2)).toEqual([]);
  });
});
