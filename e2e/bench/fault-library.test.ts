import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { readFaults } from './fault-library.ts';

const folder = new URL('../../reasoning-service/incidents/', import.meta.url);
const recorded = readdirSync(folder)
  .filter((file) => file.endsWith('.json'))
  .map((file) => JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as object);

describe('faults for a fleet', () => {
  it('are all the recorded incidents but those that people pasted', () => {
    const pasted = recorded.filter((incident) => 'pasted' in incident);
    expect(pasted.length).toBeGreaterThan(0);
    expect(readFaults()).toHaveLength(recorded.length - pasted.length);
  });
});
