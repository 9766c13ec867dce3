export { aBundle, aCommand, aDiagnosis, anEvent } from './builders.ts';
export { database, type TestDatabase } from './database.ts';
export { debianProgram } from './debian-program.ts';
export { eventually } from './eventually.ts';
export { fakeClock } from './fake-clock.ts';
export { natsCluster, type TestNatsCluster } from './nats-cluster.ts';
export { natsServer, type TestNatsServer } from './nats-server.ts';
export { describeUnless, needs } from './needs.ts';
export { silentLogger } from './silent-logger.ts';
