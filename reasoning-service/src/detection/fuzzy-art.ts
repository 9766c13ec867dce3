/** Looked up once: this is the innermost loop of the detector. */
const { max, min } = Math;

/** What a memory is made with: a weight per input dimension (sum 1), the vigilance, and the most boxes it may hold. */
export type ArtSettings = { weights: Float64Array; vigilance: number; capacity: number };

/** Boxes in [0,1]^n: low corner then high corner of each, `2n` numbers a box; `matched` orders them for forgetting. */
export type Art = ArtSettings & { boxes: Float32Array; matched: number[]; clock: number };
export type ArtState = { boxes: number[]; matched: number[]; clock: number };

/** A memory that knows nothing yet, or one that continues from a stored state. */
export function createArt(settings: ArtSettings, state?: ArtState): Art {
  const side = 2 * settings.weights.length;
  const boxes = new Float32Array(side * Math.max(8, state?.matched.length ?? 0));
  boxes.set(state?.boxes ?? []);
  return { ...settings, boxes, matched: [...(state?.matched ?? [])], clock: state?.clock ?? 0 };
}

/** The part of the memory that changes, rounded to what a match can tell apart. */
export const artState = ({ boxes, matched, clock, weights }: Art): ArtState => ({
  boxes: Array.from(boxes.subarray(0, 2 * weights.length * matched.length), (side) => Number(side.toPrecision(9))),
  matched: [...matched],
  clock,
});

/**
 * Match of an input with a box: |I ∧ w| / |I| in complement code, which is one minus the weighted sides of the box after
 * it was widened to hold the input (Carpenter, Grossberg and Rosen 1991). Stops once it cannot beat `floor`.
 */
function matchOf({ boxes, weights }: Art, at: number, input: Float64Array, floor: number): number {
  const width = weights.length;
  let match = 1;
  for (let i = 0; i < width; i++) {
    const low = boxes[at + i] ?? 0;
    const high = boxes[at + width + i] ?? 0;
    const value = input[i] ?? 0;
    match -= (weights[i] ?? 0) * (max(value, high) - min(value, low));
    if (match < floor) return match;
  }
  return match;
}

function widen({ boxes, weights }: Art, at: number, input: Float64Array): void {
  const width = weights.length;
  for (let i = 0; i < width; i++) {
    const value = input[i] ?? 0;
    if (value < (boxes[at + i] ?? 0)) boxes[at + i] = value;
    if (value > (boxes[at + width + i] ?? 0)) boxes[at + width + i] = value;
  }
}

/** Where a new box goes: behind the others, or in place of the one that was matched longest ago. */
function freeSlot(art: Art): number {
  if (art.matched.length === art.capacity) return art.matched.indexOf(Math.min(...art.matched));
  const slot = art.matched.length;
  const side = 2 * art.weights.length;
  if ((slot + 1) * side > art.boxes.length) {
    const larger = new Float32Array(Math.min(art.capacity * side, 2 * art.boxes.length));
    larger.set(art.boxes);
    art.boxes = larger;
  }
  return slot;
}

/** How well the best box matches the input, 0 when there is none; learns it as well. */
export function meet(art: Art, input: Float64Array): number {
  const side = 2 * art.weights.length;
  let [best, slot] = [-1, -1];
  for (let box = 0; box < art.matched.length; box++) {
    const match = matchOf(art, box * side, input, best);
    if (match > best) [best, slot] = [match, box];
  }
  art.clock += 1;
  if (best >= art.vigilance) widen(art, slot * side, input);
  else {
    slot = freeSlot(art);
    art.boxes.set(input, slot * side);
    art.boxes.set(input, slot * side + art.weights.length);
  }
  art.matched[slot] = art.clock;
  return Math.max(0, best);
}

/** Moves the first `count` dimensions of all boxes onto a new scale: value ← value · factor + shift. */
export function rescale(art: Art, count: number, factor: number, shift: number): void {
  const width = art.weights.length;
  for (let corner = 0; corner < 2 * art.matched.length; corner++)
    for (let i = 0; i < count; i++) {
      const at = corner * width + i;
      art.boxes[at] = (art.boxes[at] ?? 0) * factor + shift;
    }
}
