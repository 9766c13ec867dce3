/** Looked up once: this is the innermost loop of the detector. */
const { max, min } = Math;

/** Sides of boxes are counted in these parts of the range: half the memory of numbers, finer than any match can tell apart. */
const PARTS = 65_535;

/** What a memory is made with: a weight per input dimension (sum 1), the vigilance, and the most boxes it may hold. */
export type ArtSettings = { weights: Float64Array; vigilance: number; capacity: number };

/** What is kept of a memory: boxes in [0,1]^n, low corner then high corner of each, `2n` numbers a box; `matched` orders them for forgetting. */
export type ArtState = { boxes: Uint16Array; matched: Float64Array; clock: number };
export type Art = ArtSettings & ArtState & { count: number; latest: number; input: Uint16Array };

/** A memory that knows nothing yet, or one that continues from a stored state. */
export function createArt(settings: ArtSettings, state?: ArtState): Art {
  const count = state?.matched.length ?? 0;
  const room = max(8, count);
  const boxes = new Uint16Array(2 * settings.weights.length * room);
  boxes.set(state?.boxes ?? []);
  const matched = new Float64Array(room);
  matched.set(state?.matched ?? []);
  return {
    weights: settings.weights.map((weight) => weight / PARTS),
    vigilance: settings.vigilance,
    capacity: settings.capacity,
    boxes,
    matched,
    count,
    clock: state?.clock ?? 0,
    latest: 0,
    input: new Uint16Array(settings.weights.length),
  };
}

/** The part of the memory that changes. */
export const artState = ({ boxes, matched, clock, weights, count }: Art): ArtState => ({
  boxes: boxes.slice(0, 2 * weights.length * count),
  matched: matched.slice(0, count),
  clock,
});

/**
 * Match of the input with a box: |I ∧ w| / |I| in complement code, which is one minus the weighted sides of the box after
 * it was widened to hold the input (Carpenter, Grossberg and Rosen 1991). Stops once it cannot beat `floor`.
 */
function matchOf({ boxes, weights, input }: Art, at: number, floor: number): number {
  const width = weights.length;
  let match = 1;
  for (let i = 0; i < width && match >= floor; i++) {
    const value = input[i] ?? 0;
    const low = boxes[at + i] ?? 0;
    const high = boxes[at + width + i] ?? 0;
    match -= (weights[i] ?? 0) * (max(value, high) - min(value, low));
  }
  return match;
}

function widen({ boxes, weights, input }: Art, at: number): void {
  const width = weights.length;
  for (let i = 0; i < width; i++) {
    const value = input[i] ?? 0;
    boxes[at + i] = min(value, boxes[at + i] ?? 0);
    boxes[at + width + i] = max(value, boxes[at + width + i] ?? 0);
  }
}

/** The box that was matched longest ago. */
function oldest({ matched }: Art): number {
  let slot = 0;
  for (let box = 1; box < matched.length; box++) if ((matched[box] ?? 0) < (matched[slot] ?? 0)) slot = box;
  return slot;
}

/** Where a new box goes: behind the others, or in place of the one that was matched longest ago. */
function freeSlot(art: Art): number {
  if (art.count === art.capacity) return oldest(art);
  if (art.count === art.matched.length) {
    const room = min(art.capacity, 2 * art.count);
    const boxes = new Uint16Array(2 * art.weights.length * room);
    boxes.set(art.boxes);
    const matched = new Float64Array(room);
    matched.set(art.matched);
    Object.assign(art, { boxes, matched });
  }
  art.count += 1;
  return art.count - 1;
}

/** How well the best box matches the input, 0 when there is none; learns it as well. */
export function meet(art: Art, given: Float64Array): number {
  const { input } = art;
  for (let i = 0; i < input.length; i++) input[i] = Math.round(PARTS * (given[i] ?? 0));
  const side = 2 * art.weights.length;
  // The box of the context before is often the best again, and then rules out most others after a dimension or two.
  let slot = art.count === 0 ? -1 : art.latest;
  let best = slot === -1 ? -1 : matchOf(art, slot * side, -1);
  for (let box = 0; box < art.count; box++) {
    const match = matchOf(art, box * side, best);
    if (match > best || (match === best && box < slot)) {
      best = match;
      slot = box;
    }
  }
  art.clock += 1;
  if (best >= art.vigilance) widen(art, slot * side);
  else {
    slot = freeSlot(art);
    art.boxes.set(input, slot * side);
    art.boxes.set(input, slot * side + art.weights.length);
  }
  art.matched[slot] = art.clock;
  art.latest = slot;
  return max(0, best);
}

/** Moves the first `levels` dimensions of all boxes onto a new scale: value ← value · factor + shift. */
export function rescale(art: Art, levels: number, factor: number, shift: number): void {
  const width = art.weights.length;
  for (let corner = 0; corner < 2 * art.count; corner++)
    for (let i = 0; i < levels; i++) {
      const at = corner * width + i;
      art.boxes[at] = Math.round((art.boxes[at] ?? 0) * factor + shift * PARTS);
    }
}
