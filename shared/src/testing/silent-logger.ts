import { createLogger, type Logger } from '../log/index.ts';

/** A logger for tests that prints nothing; AETHERIUS_TEST_LOG=debug shows all. */
export const silentLogger = (): Logger => createLogger('test', process.env['AETHERIUS_TEST_LOG'] ?? 'silent');
