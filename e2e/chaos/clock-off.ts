/** Loaded ahead of an agent: its clock is wrong by so many milliseconds, and the machine's is not. */
const off = Number(process.env['CHAOS_CLOCK_OFF_MS']);
const RealDate = Date;

globalThis.Date = class extends RealDate {
  constructor(...given: [] | [number | string | Date]) {
    if (given.length === 0) super(RealDate.now() + off);
    else super(...given);
  }

  static override now(): number {
    return RealDate.now() + off;
  }
} as DateConstructor;
