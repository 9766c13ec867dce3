import type { Fault } from '../fault.ts';
import { agentFaults } from './agents.ts';
import { apiServerFaults } from './api-server.ts';
import { backingFaults } from './backing.ts';
import { fullSpool } from './full-spool.ts';
import { kills } from './kills.ts';
import { messageFaults } from './messages.ts';
import { rollingUpgrade } from './upgrade.ts';

/** All faults, in the order of the table. The upgrade comes last, because its second replicas stay. */
export const faults: readonly Fault[] = [
  ...apiServerFaults,
  ...agentFaults,
  ...kills,
  ...messageFaults,
  ...backingFaults,
  fullSpool,
  rollingUpgrade,
];
