import { type Art, type ArtState, artState, createArt, meet, rescale } from './fuzzy-art.ts';
import { rankOf } from './rank.ts';
import { createRing, listed, push, type Ring } from './ring.ts';
import { writeShape } from './shape.ts';
import { share } from './share.ts';
import type { Tuning } from './tuning.ts';

/** Block values in a context; a power of two, for the Haar transform. */
const CONTEXT = 8;
const REMEMBERED = 2000;

/** A view: one value range, which grows, and the contexts that were seen through it. */
type View = { low: number; high: number; art: Art };

/** What a series' short contexts have looked like, through several value ranges. */
export type ContextMemory = {
  tuning: Tuning;
  context: number[];
  views: View[];
  novelties: Ring<Float32Array>;
  /** Blocks since the last alarm of this memory, and how novel it was. */
  quiet: number;
  spoken: number;
};

export type ContextMemoryState = {
  context: number[];
  views: { low: number; high: number; art: ArtState }[];
  novelties: Float32Array;
  quiet: number;
  spoken: number;
};

/** The newest value weighs most, and comes first: most boxes are ruled out by it. The rest is shared by the older levels and the shape. */
function weightsOf({ newest, shape }: Tuning): Float64Array {
  const weights = new Float64Array(2 * CONTEXT);
  weights[0] = newest;
  weights.fill((1 - newest - shape) / (CONTEXT - 1), 1, CONTEXT);
  weights.fill(shape / CONTEXT, CONTEXT);
  return weights;
}

const artOf = (tuning: Tuning, state?: ArtState): Art =>
  createArt({ weights: weightsOf(tuning), vigilance: tuning.vigilance, capacity: tuning.boxes }, state);

/** A memory whose ranges come from the block values of the learning time; those are not met yet. */
export function createContextMemory(tuning: Tuning, learnt: readonly number[]): ContextMemory {
  const least = Math.min(...learnt);
  const most = Math.max(...learnt);
  const range = most - least || Math.abs(most) || 1;
  const views = tuning.margins.map((margin): View => {
    const low = least - margin * range;
    return { low: least < 0 ? low : Math.max(0, low), high: most + margin * range, art: artOf(tuning) };
  });
  return { tuning, context: [], views, novelties: createRing(Float32Array, REMEMBERED), quiet: 0, spoken: 0 };
}

export const contextMemoryState = ({ tuning: _, views, novelties, ...rest }: ContextMemory): ContextMemoryState => ({
  ...rest,
  context: [...rest.context],
  views: views.map(({ low, high, art }) => ({ low, high, art: artState(art) })),
  novelties: listed(novelties).slice(),
});

export const restoreContextMemory = (tuning: Tuning, state: ContextMemoryState): ContextMemory => ({
  ...state,
  tuning,
  context: [...state.context],
  views: state.views.map(({ low, high, art }) => ({ low, high, art: artOf(tuning, art) })),
  novelties: createRing(Float32Array, REMEMBERED, state.novelties),
});

/** Widens the range to hold the value and moves everything stored onto the new scale. */
function hold(view: View, value: number): void {
  const low = Math.min(view.low, value);
  const high = Math.max(view.high, value);
  if (low === view.low && high === view.high) return;
  const span = high - low;
  rescale(view.art, CONTEXT, (view.high - view.low) / span, (view.low - low) / span);
  view.low = low;
  view.high = high;
}

/** How little the best match of the best view leaves: novel only when novel to every view. */
function novelty({ views, context }: ContextMemory, value: number): number {
  const input = new Float64Array(2 * CONTEXT);
  writeShape(context, input, CONTEXT);
  let best = 0;
  for (const view of views) {
    hold(view, value);
    for (const [at, one] of context.entries()) input[CONTEXT - 1 - at] = (one - view.low) / (view.high - view.low);
    best = Math.max(best, meet(view.art, input));
  }
  return 1 - best;
}

/**
 * How surely the context that ends with this block value is unlike all before, 0 to 1: novel by rank among the series'
 * own novelties and novel in size as well. After an alarm only a clearly stranger context speaks for a while.
 */
export function surprise(memory: ContextMemory, value: number): number {
  const { tuning, context, novelties } = memory;
  context.push(value);
  if (context.length > CONTEXT) context.shift();
  if (context.length < CONTEXT) return 0;
  const found = Math.fround(novelty(memory, value));
  const rank = rankOf(novelties, found);
  push(novelties, found);
  memory.quiet += 1;
  const sure =
    share(rank, tuning.rank_from, tuning.rank_width) * share(found, tuning.novelty_from, tuning.novelty_width);
  if (memory.quiet <= tuning.pause && found <= memory.spoken * tuning.stranger) return 0;
  if (sure > tuning.speaks) {
    memory.quiet = 0;
    memory.spoken = found;
  }
  return sure;
}
