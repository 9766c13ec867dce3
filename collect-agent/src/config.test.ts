import { expect, it } from '@jest/globals';
import { AgentConfig } from './config.ts';

const base = { CLUSTER_ID: 'east', SPOOL_DIR: '/spool', KUBE_SERVER: 'http://127.0.0.1:6443' };
const wrong = (given: Record<string, string>): string[] =>
  AgentConfig.safeParse({ ...base, ...given }).error?.issues.map((issue) => issue.path.join('.')) ?? [];

it('takes one way to the bus: the manager that lets it in, or the bus itself', () => {
  expect(wrong({ ENROL_URL: 'https://aetherius.example.com' })).toEqual([]);
  expect(wrong({ NATS_URL: 'nats://127.0.0.1:4222' })).toEqual([]);
  expect(wrong({})).toEqual(['ENROL_URL']);
  expect(wrong({ ENROL_URL: 'https://a.example.com', NATS_URL: 'nats://127.0.0.1' })).toEqual([]);
  expect(wrong({ ENROL_URL: 'https://a.example.com', NATS_CREDS: '/creds' })).toEqual(['NATS_CREDS']);
});

it('sends no token over a foreign network in the clear', () => {
  expect(wrong({ ENROL_URL: 'http://aetherius.example.com' })).toContain('ENROL_URL');
});
