/** What happens to a thing of a cluster when an agent speaks; `repeat` is an earlier event once more. */
export type SayingKind = 'breaks' | 'again' | 'clears' | 'noise' | 'repeat';

/** One message of one agent, before it is put into words. */
export type Saying = {
  /** Milliseconds after the start. */
  at: number;
  agent: number;
  thing: number;
  kind: SayingKind;
  /** Of a repeat: which saying it repeats, and whether the message is the same too, as when an acknowledgement was lost. */
  of: number | null;
  sameMessage: boolean;
};

type Script = { agents: number; perMinute: number; minutes: number; random: () => number };
type Thing = { agent: number; thing: number };
type Told = Omit<Saying, 'at'>;

/** Shares of what is no storm, added up: the rest speaks again of what is broken. */
const UP_TO = { breaks: 0.01, clears: 0.02, repeat: 0.1, noise: 0.35 };
const STORM_EVERY_MS = 10_000;
/** What is due after this is said five times as fast, and about one thing. */
const STORM_FROM_MS = 9_000;
const STORM_PACE = 5;
/** How many sayings back a repeat may reach. */
const REPEATS_REACH = 1_000;
/** Things of each agent that never break; those that do are counted on from here. */
const CALM_THINGS = 10;

/** A steady stream of what a fleet says: things that break for good or for a while, storms about one of them, repeats and noise. */
export function writeScript({ agents, perMinute, minutes, random }: Script): Saying[] {
  const sayings: Saying[] = [];
  const story = createStory(agents, random);
  for (let index = 0; index < Math.round(perMinute * minutes); index += 1) {
    const at = (index * 60_000) / perMinute;
    const into = at % STORM_EVERY_MS;
    if (into < STORM_FROM_MS) sayings.push({ at, ...story.calm(sayings) });
    else sayings.push({ at: at - (into - STORM_FROM_MS) * (1 - 1 / STORM_PACE), ...story.stormy() });
  }
  return sayings;
}

const told = (kind: SayingKind, { agent, thing }: Thing): Told => ({
  kind,
  agent,
  thing,
  of: null,
  sameMessage: false,
});

function createStory(agents: number, random: () => number) {
  const below = (limit: number) => Math.floor(random() * limit);
  const broken: Thing[] = [];
  const brokenOnce = new Map<number, number>();
  let storm: Thing | undefined;

  const breaks = (): Thing => {
    const agent = below(agents);
    const earlier = brokenOnce.get(agent) ?? 0;
    brokenOnce.set(agent, earlier + 1);
    const thing = { agent, thing: CALM_THINGS + earlier };
    broken.push(thing);
    return thing;
  };
  /** Nothing can be said of what is broken while all is well. */
  const of = (kind: SayingKind, thing: Thing | undefined) =>
    thing === undefined ? told('breaks', breaks()) : told(kind, thing);
  const again = () => of('again', broken[below(broken.length)]);
  const repeat = (sayings: readonly Saying[]): Told => {
    const at = sayings.length - 1 - below(Math.min(sayings.length, REPEATS_REACH));
    const earlier = sayings[at];
    if (earlier === undefined) return again();
    const { agent, thing } = earlier;
    return { kind: 'repeat', agent, thing, of: earlier.of ?? at, sameMessage: random() < 0.5 };
  };
  return {
    calm: (sayings: readonly Saying[]): Told => {
      storm = undefined;
      const share = random();
      if (share < UP_TO.breaks) return told('breaks', breaks());
      if (share < UP_TO.clears) return of('clears', broken.splice(below(broken.length), 1)[0]);
      if (share < UP_TO.repeat) return repeat(sayings);
      return share < UP_TO.noise ? told('noise', { agent: below(agents), thing: below(CALM_THINGS) }) : again();
    },
    stormy: (): Told => {
      const first = storm === undefined ? broken[below(broken.length)] : storm;
      const saying = of('again', first);
      storm = first ?? saying;
      return saying;
    },
  };
}
