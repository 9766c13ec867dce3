import { z } from 'zod';

/** Squares of it are still numbers; nothing in a cluster is larger. */
export const LARGEST = 1e100;

/** A measured number. */
export const Measured = z.number().min(-LARGEST).max(LARGEST);
