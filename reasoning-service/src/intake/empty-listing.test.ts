import { describe, expect, it } from '@jest/globals';
import { recognise } from './recognise.ts';

const at = '2026-01-02T03:04:05.000Z';
const read = (command: string) =>
  recognise({ name: 'x.txt', text: `$ ${command}\nNo resources found in shop namespace.\n` }, at);

describe('a listing without a row', () => {
  it('tells what nothing answers to where it was narrowed, and counts for no whole one', () => {
    expect(read('kubectl get pods -n shop -l app=reports')).toMatchObject({
      complete: [],
      unread: [],
      cut: ['x.txt: no Pod in shop answers to app=reports; of the others that says nothing'],
    });
  });

  it('is a whole one behind a pipe, which had nothing to cut', () => {
    const { complete, cut } = read('kubectl get cm -n shop | grep conf');
    expect({ complete, cut }).toEqual({ complete: [{ kind: 'ConfigMap', namespace: 'shop' }], cut: [] });
  });
});
