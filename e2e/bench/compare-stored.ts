type Sent = {
  /** Ids of events whose sending was acknowledged, each once. */
  ids: ReadonlySet<string>;
  /** How many different events were sent about each thing. */
  about: ReadonlyMap<string, number>;
};
type Stored = {
  /** Each id with the number of its rows. */
  rows: ReadonlyMap<string, number>;
  /** How many events the incidents of each thing say that they are made of. */
  counted: ReadonlyMap<string, number>;
};

export type Comparison = { stored: number; lost: number; doubled: number; strange: number; miscounted: number };

/**
 * What was sent beside what is stored, exactly: an event without a row is lost, each row beyond the first is a double, a row
 * of an event that nobody sent is strange, and a thing is miscounted when its incidents do not add up to what was said of it.
 */
export function compareStored(sent: Sent, stored: Stored): Comparison {
  const known = [...sent.ids].filter((id) => stored.rows.has(id)).length;
  const rows = [...stored.rows.values()].reduce((sum, count) => sum + count, 0);
  const things = new Set([...sent.about.keys(), ...stored.counted.keys()]);
  return {
    stored: known,
    lost: sent.ids.size - known,
    doubled: rows - stored.rows.size,
    strange: stored.rows.size - known,
    miscounted: [...things].filter((thing) => (sent.about.get(thing) ?? 0) !== (stored.counted.get(thing) ?? 0)).length,
  };
}
