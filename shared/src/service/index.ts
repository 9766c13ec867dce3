export { type Clock, newId, sleep, systemClock } from './clock.ts';
export { freePort, freePorts } from './free-ports.ts';
export { loadConfig } from './load-config.ts';
export { type Loop, startLoop } from './loop.ts';
export { requireNode } from './node-version.ts';
export { createOutageLog, type OutageLog, reasonOf } from './outage-log.ts';
export { Port } from './port.ts';
export { type CommandLine, runCommand } from './run-command.ts';
export { type Build, type Own, type Part, runService } from './run-service.ts';
