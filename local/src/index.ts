export { type Fleet, startFleet } from './fleet.ts';
export { type Home, openHome } from './home.ts';
export { type Expected, judge, strays, summary } from './judge.ts';
export { portVariables, serviceNames } from './service-processes.ts';
export { startSimulatedCluster } from './simulated-cluster.ts';
export { withTestBacking } from './test-backing.ts';
