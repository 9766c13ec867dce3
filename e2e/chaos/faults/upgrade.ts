import { serviceNames } from '@aetherius/local';
import type { Fault } from '../fault.ts';

/** Two of each central service, ended and started one after the other as a cluster does it, with repairs under way. */
export const rollingUpgrade: Fault = {
  name: 'rolling-upgrade',
  alone: true,
  inject: async ({ fleet, agent, cluster }) => {
    const central = serviceNames.filter((name) => name !== 'collect-agent');
    for (const name of central) await fleet.addReplica(name);
    for (const name of central) {
      cluster.breakOne(`while-${name}`);
      await fleet.restart(name);
    }
    await agent.restart();
  },
};
