import { expect, it } from '@jest/globals';
import { passes } from './gates.ts';
import { SETTINGS } from './settings.ts';

const latency = { symptom: 'latency', settings: SETTINGS } as const;
const errors = { symptom: 'errors', settings: SETTINGS } as const;
const target = { total: 100, usual: 1000 };
const good = { entity: 'a', z: 9, total: 60, own: 50 };

it('lets through what is unusual and large', () => {
  expect(passes(good, target, latency)).toBe(true);
});

it.each([
  ['too usual', { ...good, z: 4.9 }],
  ['explains too little of the target', { ...good, own: 19 }],
  ['loses too little of its normal time', { ...good, own: 25, total: 29 }],
  ['loses nothing', { ...good, own: 0 }],
])('stops what is %s', (_, candidate) => {
  expect(passes(candidate, target, latency)).toBe(false);
});

it('asks less of failed requests, which are rare when all is well', () => {
  expect(passes({ entity: 'a', z: 3, total: 20, own: 20 }, target, errors)).toBe(true);
});
