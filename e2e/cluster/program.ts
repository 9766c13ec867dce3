/** The annotation by which a scenario says what the program in a pod does. */
export const BEHAVIOUR = 'simulator.aetherius.io/behaviour';

/** What a scenario says of a program. */
export type Behaviour = {
  logs?: string[];
  memory?: string;
  exit?: { code: number; after: string; logs?: string[]; when?: { env: Record<string, string> } };
  serves?: { port?: number; paths?: string[] };
};

type Probe = { httpGet?: { path?: string; port: number | string } };

/** What of a container says how its program behaves. */
export type Container = {
  name: string;
  image: string;
  ports?: { name?: string; containerPort: number }[];
  livenessProbe?: Probe;
  readinessProbe?: Probe;
};

/** The shell script that does in a real container what a scenario says of the simulated one. */
export function programOf(behaviour: Behaviour, container: Container): string {
  const logs = behaviour.logs ?? [`starting ${container.name}`];
  return [
    // The first process of a container gets no signal that it does not ask for.
    'trap "exit 143" TERM',
    ...echo(logs),
    ...exit(behaviour.exit),
    ...serve(behaviour, container),
    behaviour.memory === undefined ? 'sleep 2147483647 & wait' : hold(behaviour.memory),
  ].join('\n');
}

const quote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
const echo = (lines: readonly string[]): string[] => lines.map((line) => `echo ${quote(line)}`);

function exit(end: Behaviour['exit']): string[] {
  if (end === undefined) return [];
  const conditions = Object.entries(end.when?.env ?? {}).map(([name, value]) => `[ "$${name}" = ${quote(value)} ]`);
  const steps = [`sleep ${end.after.replace(/s$/, '')}`, ...echo(end.logs ?? []), `exit ${end.code}`];
  return [`if ${conditions.length === 0 ? 'true' : conditions.join(' && ')}; then`, ...steps, 'fi'];
}

function serve({ serves }: Behaviour, container: Container): string[] {
  const port = serves?.port ?? container.ports?.[0]?.containerPort;
  if (port === undefined) return [];
  const asked = [container.livenessProbe, container.readinessProbe].map((probe) => probe?.httpGet?.path ?? '/');
  const files = (serves?.paths ?? asked).map((path) => `/www${path.endsWith('/') ? `${path}index.html` : path}`);
  const folders = files.map((file) => file.slice(0, file.lastIndexOf('/')));
  return [`mkdir -p ${folders.join(' ')}`, `touch ${files.join(' ')}`, `httpd -p ${port} -h /www`];
}

/**
 * Holds that much memory, a moment after the start, and needs no processor for it: dd fills one block and then waits for ever for a reader of it.
 * The shell is replaced, because a killed child would leave the container running.
 */
const hold = (memory: string): string =>
  `sleep 2; mkfifo /tmp/held; sleep 2147483647 <>/tmp/held & exec dd if=/dev/zero of=/tmp/held bs=${memory.replace(/i$/, '')} count=1`;
