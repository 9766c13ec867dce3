export { wireTime } from '../store/object-rules.ts';

/** A time with microseconds, as leases and the newer events carry it. */
export const microTime = (time: Date): string => time.toISOString().replace('Z', '000Z');
