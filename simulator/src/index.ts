export { createApiServer } from './api/api-server.ts';
export { authorize, type Roles } from './api/authorize.ts';
export type { Attributes, Fault, FaultPoint, Hooks, LogQuery, User } from './api/hooks.ts';
export { kubeconfig } from './api/kubeconfig.ts';
export { rbacHooks } from './api/rbac-hooks.ts';
export { type Cluster, startControllers } from './controllers/index.ts';
export { createRandom } from './controllers/random.ts';
export { startPrometheus } from './prometheus/start-prometheus.ts';
export type { Traffic, TrafficCall } from './prometheus/traffic.ts';
export { healthy, inject, runScenario, setUp } from './scenarios/run-scenario.ts';
export {
  type BaseCluster,
  type Expected,
  loadBaseCluster,
  loadScenarios,
  readScenario,
  type Scenario,
} from './scenarios/scenario.ts';
export { type SimulatedCluster, type StandardFault, startSimulatedCluster } from './simulated-cluster.ts';
export { type Simulator, startSimulator } from './start-simulator.ts';
export { ApiError } from './store/api-error.ts';
export {
  type Change,
  createObjectStore,
  type KubeObject,
  type NewObject,
  type ObjectStore,
} from './store/object-store.ts';
