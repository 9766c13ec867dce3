import { Bundle, Diagnosis, type Json } from '@aetherius/shared/contracts';
import fc from 'fast-check';
import { diagnose } from '../src/diagnosis/diagnose.ts';
import { diagnoseAll } from '../src/diagnosis/diagnose-all.ts';

type Mutation = {
  where: 'anywhere' | 'manifest';
  at: number;
  what: 'drop' | 'replace' | 'double' | 'nest';
  value: Json;
  depth: number;
};
type Place = { holder: Record<string, unknown>; key: string };

/** Every place of a JSON value that can be mutated: the holder and the key under which it stands. */
export function places(value: unknown, found: Place[] = []): Place[] {
  if (typeof value !== 'object' || value === null) return found;
  for (const [key, inner] of Object.entries(value)) {
    found.push({ holder: value as Record<string, unknown>, key });
    places(inner, found);
  }
  return found;
}

/** As many arrays and objects inside each other. */
export const nested = (depth: number): unknown => {
  let value: unknown = 1;
  for (let level = 0; level < depth; level++) value = level % 2 === 0 ? [value] : { a: value };
  return value;
};

function mutated(bundle: Bundle, mutations: readonly Mutation[]): unknown {
  const copy = structuredClone(bundle);
  const pools = { anywhere: places(copy), manifest: copy.objects.flatMap(({ body }) => places(body)) };
  for (const { where, at, what, value, depth } of mutations) {
    const place = pools[where][at % pools[where].length];
    if (place === undefined) continue;
    const { holder, key } = place;
    const held = holder[key];
    if (what === 'drop') delete holder[key];
    else if (what === 'replace') holder[key] = value;
    else if (what === 'nest') holder[key] = nested(depth);
    else if (Array.isArray(held)) holder[key] = [...held, ...held];
  }
  return copy;
}

/** Values that are legal JSON and that no reader of a manifest expects. */
const odd = fc.constantFrom<Json[]>('', '\0', '\ud800', '__proto__', -1, 1e308, 2 ** 53, null, false, [], {}, [[]]);

const mutation: fc.Arbitrary<Mutation> = fc.record({
  // A manifest may hold anything, so a bundle gets past the door with it; most other damage is refused there.
  where: fc.oneof({ weight: 1, arbitrary: fc.constant('anywhere') }, { weight: 9, arbitrary: fc.constant('manifest') }),
  at: fc.nat(),
  what: fc.oneof(
    { weight: 30, arbitrary: fc.constantFrom('drop', 'replace', 'double') },
    { weight: 1, arbitrary: fc.constant('nest') },
  ),
  value: fc.oneof(fc.jsonValue() as fc.Arbitrary<Json>, odd),
  depth: fc.constantFrom(3, 150, 1_000, 20_000),
});

/** Recorded bundles with up to twelve places dropped, replaced, doubled or nested deep. */
export const damagedBundle = (bundles: readonly Bundle[]): fc.Arbitrary<unknown> =>
  fc
    .tuple(fc.constantFrom(...bundles), fc.array(mutation, { minLength: 1, maxLength: 12 }))
    .map(([bundle, mutations]) => mutated(bundle, mutations));

/** How a bundle was met at the door. */
export type Reception = 'refused' | Diagnosis['status'];

/** Takes a candidate in as the service does; throws when it is neither refused with a reason nor answered by its own evidence. */
export function received(candidate: unknown): Reception {
  const parsed = Bundle.safeParse(candidate);
  if (!parsed.success) {
    if (parsed.error.issues.every(({ message }) => message === '')) throw new Error('refused without a reason');
    return 'refused';
  }
  return answered(parsed.data);
}

/** Diagnoses a bundle; throws when an answer does not fit its form or rests on evidence that is not in the bundle. */
export function answered(bundle: Bundle): Diagnosis['status'] {
  const { objects, events, logs, metrics, alerts, changes } = bundle;
  const ids = new Set([objects, events, logs, metrics, alerts, changes].flat().map(({ id }) => id));
  const main = diagnose(bundle);
  for (const diagnosis of [main, ...diagnoseAll(bundle)]) {
    const stranger = Diagnosis.parse(diagnosis).evidence.find(({ id }) => !ids.has(id));
    if (stranger !== undefined) throw new Error(`evidence ${stranger.id} is not in the bundle`);
  }
  return main.status;
}
