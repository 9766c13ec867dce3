export { type ApiClient, createApiClient } from './api-client.ts';
export { startNatsServer } from './backing/nats.ts';
export { type Fleet, startFleet } from './fleet.ts';
export { openHome } from './home.ts';
export { judge, strays, type Verdict } from './judge.ts';
export { createNatsAuth } from './nats-auth.ts';
export { portVariables, serviceNames } from './service-processes.ts';
export { attachSimulated, type SimulatedCluster, startSimulatedCluster } from './simulated-cluster.ts';
export { withTestBacking } from './test-backing.ts';
