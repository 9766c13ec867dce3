import { z } from 'zod';

const WHAT = 'must be a port, from 1 to 65535, or 0 for any that is free';

/** The port that a service listens on. */
export const Port = z.coerce.number(WHAT).int(WHAT).min(0, WHAT).max(65_535, WHAT);
