import { describe, expect, it } from '@jest/globals';
import { kindNamed } from '../store/kinds.ts';
import type { KubeObject } from '../store/kube-object.ts';
import { fieldMatcher, labelMatcher } from './selectors.ts';

const pod = (labels: { [key: string]: string }, more: object = {}): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web', namespace: 'shop', uid: 'u', resourceVersion: '1', creationTimestamp: '', labels },
  ...more,
});

describe('labelMatcher', () => {
  it.each([
    ['', true],
    ['app=web', true],
    ['app==web,tier=front', true],
    ['app!=web', false],
    ['missing!=x', true],
    ['app in (web, api)', true],
    ['app notin (web,api)', false],
    ['missing notin (a)', true],
    ['tier', true],
    ['!tier', false],
    ['!missing,app in (web),tier!=back', true],
    ['example.com/part-of=shop', false],
  ])('%s -> %s', (selector, expected) => {
    expect(labelMatcher(selector)(pod({ app: 'web', tier: 'front' }))).toBe(expected);
  });

  it('says what it cannot read', () => {
    expect(() => labelMatcher('app in web')).toThrow('"app in web" is not a label selector');
  });
});

describe('fieldMatcher', () => {
  const kind = kindNamed('Pod');
  if (kind === undefined) throw new Error('the table lacks Pod');
  const running = pod({}, { spec: { nodeName: 'n1' }, status: { phase: 'Running' } });

  it.each([
    ['metadata.name=web', true],
    ['metadata.namespace=other', false],
    ['spec.nodeName=n1,status.phase!=Failed', true],
    ['status.phase==Pending', false],
  ])('%s -> %s', (selector, expected) => {
    expect(fieldMatcher(kind, selector)(running)).toBe(expected);
  });

  it('refuses a field that is not indexed', () => {
    expect(() => fieldMatcher(kind, 'spec.hostname=x')).toThrow('field label not supported: spec.hostname');
  });
});
