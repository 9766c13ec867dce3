import { existsSync, readdirSync } from 'node:fs';
import type { Subject } from '@aetherius/shared/contracts';
import { describe, expect, it } from '@jest/globals';
import { HEALTHY, type StandardFault, standardFaults } from './standard-faults.ts';
import {
  type Answer,
  type Answers,
  checksOf,
  isComplete,
  oncePerFault,
  promiseOf,
  silenceOf,
  tableOf,
} from './standard-table.ts';

const subject = (kind: string, name: string): Subject => ({ kind, namespace: 'shop', name });
const cart: StandardFault = { name: 'kill', category: 'oom_killed', subject: subject('Deployment', 'cart') };
const door: StandardFault = {
  name: 'door',
  category: 'ingress_backend_missing',
  subject: subject('Ingress', 'door'),
  by_snapshot_only: true,
};
const right: Answer = { category: 'oom_killed', subject: cart.subject };
const answers = (snapshot: Answer[], agent: Answer[]): Answers => ({
  snapshot: { said: snapshot, right_at: new Map([['kill', 4.2]]) },
  agent: { said: agent, right_at: new Map() },
});
const round = (given: Answers) => ({ faults: [cart, door], answers: given });
const problems = (given: Answers) =>
  [...checksOf(round(given)), ...silenceOf(round(given))].flatMap((check) => check.problems);

describe('the answers to standard faults', () => {
  it('are right when each who can says so once, and nobody says more', () => {
    const told = answers([right, { category: door.category, subject: door.subject }], [right]);
    expect(problems(told)).toEqual([]);
    expect(isComplete(round(told))).toBe(true);
  });

  it('are wrong when a fault is missed, misread, told twice, or told of something healthy', () => {
    const wrong = { ...right, category: 'crash_loop_app_error' };
    const stray = { category: 'oom_killed', subject: subject('Pod', 'cart-1') };
    const told = answers([right, right, stray], [wrong]);
    expect(problems(told)).toEqual([
      'snapshot says oom_killed and oom_killed of Deployment/shop/cart, expected oom_killed',
      'agent says crash_loop_app_error of Deployment/shop/cart, expected oom_killed',
      'snapshot says nothing of Ingress/shop/door, expected ingress_backend_missing',
      'oom_killed of Pod/shop/cart-1',
    ]);
    expect(isComplete(round(told))).toBe(false);
  });

  it('are as many as the faults', () => {
    const both = [right, { category: door.category, subject: door.subject }];
    expect(oncePerFault(round(answers(both, []))).problems).toEqual([]);
    expect(oncePerFault(round(answers([...both, right], []))).problems).toEqual(['3 findings']);
  });

  it('are told as promised where there are enough faults and pods, and one look was quick enough', () => {
    const faults = Array.from({ length: 45 }, () => cart);
    const given = answers([], []);
    const said = (looks: { pods: number; seconds: number }[], made = faults) =>
      promiseOf({ faults: made, answers: given }, looks).problems;
    expect(
      said([
        { pods: 56, seconds: 14 },
        { pods: 57, seconds: 9.9 },
      ]),
    ).toEqual([]);
    expect(said([{ pods: 55, seconds: 2 }])).toEqual(['55 pods']);
    expect(
      said([
        { pods: 55, seconds: 2 },
        { pods: 56, seconds: 10.4 },
      ]),
    ).toEqual(['10.4 s']);
    expect(said([{ pods: 56, seconds: 2 }], [cart])).toEqual(['1 faults']);
  });

  it('are printed with what was got and when', () => {
    expect(tableOf({ faults: [cart], answers: answers([right], []) })).toBe(
      [
        'fault  expected    got             subject               seconds  ok',
        'kill   oom_killed  oom_killed / -  Deployment/shop/cart  4 / -    NO',
      ].join('\n'),
    );
  });
});

describe('the standard faults', () => {
  it('have a manifest each, and no manifest is without its expectation', () => {
    const folder = new URL('faults/', import.meta.url);
    expect(existsSync(new URL(`${HEALTHY}.yaml`, folder))).toBe(true);
    const made = standardFaults.filter(({ made_by_hand }) => !made_by_hand).map(({ name }) => `${name}.yaml`);
    expect([...made, `${HEALTHY}.yaml`].sort()).toEqual(readdirSync(folder).sort());
  });

  it('are about different subjects', () => {
    const subjects = standardFaults.map((one) => JSON.stringify(one.subject));
    expect(new Set(subjects).size).toBe(subjects.length);
  });
});
