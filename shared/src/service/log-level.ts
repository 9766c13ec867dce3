import { z } from 'zod';

const levels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

/** From which level on lines are written. */
export const LogLevel = z.enum(levels, `must be one of ${levels.join(', ')}`).default('info');

/** The level for what is said before the settings are read: a wrong one is refused with them, in a line that somebody sees. */
export const levelIn = ({ LOG_LEVEL }: Record<string, string | undefined>): string =>
  LogLevel.catch('info').parse(LOG_LEVEL);
