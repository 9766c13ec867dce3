import { parseDuration, parseQuantity } from '../quantity.ts';
import type { Container, PodSpec, StringMap } from '../types.ts';

/** The pod-template annotation that says what the program in a pod's first container does. */
export const behaviourAnnotation = 'simulator.aetherius.io/behaviour';

/** The paths and the port on which a program answers. */
export type Serves = { port?: number; paths?: string[] };

/** What the simulated program in a container does. */
type Behaviour = {
  /** Lines written at the start. */
  logs?: string[];
  /** The memory that the program comes to use; a lower limit gets it killed. */
  memory?: string;
  /** Variables without which the program gives up. */
  requires_env?: string[];
  /** How the program ends by itself, always or only under certain settings. */
  exit?: { code: number; after: string; logs?: string[]; when?: { env: StringMap } };
  serves?: Serves;
};

/** One run of a program, decided before it starts. */
export type Run = { logs: string[]; serves: Serves; exit?: RunExit };

/** How a run ends. */
export type RunExit = {
  afterSeconds: number;
  code: number;
  reason: 'Completed' | 'Error' | 'OOMKilled';
  logs: string[];
};

const allocationSeconds = 3;

/**
 * Reads the annotation of a pod; only its first container behaves, any other just runs. Anybody may write the
 * annotation, so a mistake in it is answered in words.
 */
export function behaviourOf(
  annotations: StringMap | undefined,
  spec: PodSpec,
  container: Container,
): { behaviour: Behaviour } | { problem: string } {
  const text = annotations?.[behaviourAnnotation];
  if (text === undefined || spec.containers[0]?.name !== container.name) return { behaviour: {} };
  try {
    return { behaviour: checked(JSON.parse(text)) };
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof RangeError)) throw error;
    return { problem: `annotation ${behaviourAnnotation}: ${error.message}` };
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isTexts = (value: unknown): boolean => Array.isArray(value) && value.every((item) => typeof item === 'string');

const shapes: Record<keyof Behaviour, (value: unknown) => boolean> = {
  logs: isTexts,
  memory: (value) => typeof value === 'string',
  requires_env: isTexts,
  exit: (value) =>
    isObject(value) &&
    Number.isInteger(value['code']) &&
    typeof value['after'] === 'string' &&
    isTexts(value['logs'] ?? []),
  serves: (value) => isObject(value) && isTexts(value['paths'] ?? []),
};

function checked(value: unknown): Behaviour {
  if (!isObject(value)) throw new RangeError('must be a JSON object');
  for (const [name, inner] of Object.entries(value)) {
    const shape = Object.hasOwn(shapes, name) ? shapes[name as keyof Behaviour] : undefined;
    if (shape === undefined) throw new RangeError(`${name} is not known; known are ${Object.keys(shapes).join(', ')}`);
    if (!shape(inner)) throw new RangeError(`${name} has not the right form`);
  }
  const behaviour = value as Behaviour;
  if (behaviour.exit !== undefined) parseDuration(behaviour.exit.after);
  return behaviour;
}

/** What will happen in one run of a container with this environment. */
export function planRun(behaviour: Behaviour, container: Container, env: StringMap): Run {
  const logs = behaviour.logs ?? defaultLogs(container);
  const exit = missingVariable(behaviour, env) ?? memoryKill(behaviour, container) ?? ownExit(behaviour, env);
  return { logs, serves: behaviour.serves ?? {}, ...(exit === undefined ? {} : { exit }) };
}

function defaultLogs({ name, image, ports }: Container): string[] {
  const port = ports?.[0]?.containerPort;
  return [`starting ${name} (${image})`, port === undefined ? 'ready' : `listening on :${port}`];
}

function missingVariable({ requires_env = [] }: Behaviour, env: StringMap): RunExit | undefined {
  const missing = requires_env.find((name) => (env[name] ?? '') === '');
  if (missing === undefined) return undefined;
  const logs = [`fatal: required environment variable ${missing} is not set`];
  return { afterSeconds: 1, code: 1, reason: 'Error', logs };
}

function memoryKill({ memory }: Behaviour, { resources }: Container): RunExit | undefined {
  const limit = resources?.limits?.['memory'];
  if (memory === undefined || limit === undefined || parseQuantity(memory) <= parseQuantity(limit)) return undefined;
  return { afterSeconds: allocationSeconds, code: 137, reason: 'OOMKilled', logs: [] };
}

function ownExit({ exit }: Behaviour, env: StringMap): RunExit | undefined {
  if (exit === undefined) return undefined;
  if (!Object.entries(exit.when?.env ?? {}).every(([name, value]) => env[name] === value)) return undefined;
  const reason = exit.code === 0 ? 'Completed' : 'Error';
  return { afterSeconds: parseDuration(exit.after) / 1000, code: exit.code, reason, logs: exit.logs ?? [] };
}
