import type { Fault } from '../fault.ts';
import { backingFaults } from './backing.ts';

/** All faults, in the order of the table. */
export const faults: readonly Fault[] = [...backingFaults];
