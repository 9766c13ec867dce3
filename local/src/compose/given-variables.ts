import { accessSync, constants, statSync } from 'node:fs';
import { isIPv4 } from 'node:net';
import { join } from 'node:path';

type Given = Readonly<Record<string, string | undefined>>;
type Problem = string | undefined;

/** Files that a variable names, by the names under which containers see them. */
const files: Record<string, string> = {
  LLM_API_KEY_FILE: 'llm-api-key',
  NOTIFY_WEBHOOK_URL_FILE: 'webhook-url',
  NOTIFY_WEBHOOK_SECRET_FILE: 'webhook-secret',
  OTEL_EXPORTER_OTLP_HEADERS_FILE: 'otlp-headers',
};
/** What other containers mount. */
const mounted = ['DEFINITIONS_DIR', 'RUNBOOKS_DIR', 'LLM_RECORDINGS', 'LLM_BUDGET_FILE'];

/** The names and addresses in AETHERIUS_HOSTS. */
export const hostsIn = (given: Given): string[] =>
  (given['AETHERIUS_HOSTS'] ?? '')
    .split(',')
    .map((host) => host.trim())
    .filter((host) => host !== '');

/** What is wrong with variables of compose of which nobody else would speak, or not in words, each by its name. */
export function variableProblems(given: Given, secretsFolder: string): Record<string, string> {
  const problems: [string, Problem][] = [
    ['AETHERIUS_HOSTS', hostsIn(given).map(hostProblem).find(Boolean)],
    ['NEO4J_MEMORY', memoryProblem(given)],
    ...mounted.map((name): [string, Problem] => [name, pathProblem(given[name])]),
    ...Object.entries(files).map(([name, file]): [string, Problem] => [
      name,
      pathProblem(given[name]) ?? (given[name] ? fileProblem(join(secretsFolder, file)) : undefined),
    ]),
  ];
  return Object.fromEntries(problems.filter((entry): entry is [string, string] => entry[1] !== undefined));
}

const label = '[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?';
const hostName = new RegExp(`^([*][.])?${label}([.]${label})*$`, 'i');
const hostProblem = (host: string): Problem =>
  isIPv4(host) || (hostName.test(host) && !/^[\d.]+$/.test(host))
    ? undefined
    : `${host} is no host name and no IPv4 address; several have commas between them`;

/** Compose takes any other from the folder of its own parts, and not from where it was called. */
const pathProblem = (path: string | undefined): Problem =>
  !path || /^(\/|~\/|[a-z]:[\\/])/i.test(path) ? undefined : `${path} has to be a whole path, from / on`;

function fileProblem(file: string): Problem {
  const found = statSync(file, { throwIfNoEntry: false });
  if (found === undefined || found.isDirectory()) return 'there is no such file';
  try {
    accessSync(file, constants.R_OK);
  } catch {
    return 'the user 10001, as whom containers run, may not read that file';
  }
  return undefined;
}

function memoryProblem(given: Given): Problem {
  const [heap, pages, all] = ['NEO4J_HEAP', 'NEO4J_PAGECACHE', 'NEO4J_MEMORY'].map((name) => bytesIn(given[name]));
  if (heap === undefined || pages === undefined || all === undefined)
    return 'it, NEO4J_HEAP and NEO4J_PAGECACHE have to be amounts such as 512m or 2g';
  if (all > heap + pages) return undefined;
  return `${given['NEO4J_MEMORY']} is no more than NEO4J_HEAP and NEO4J_PAGECACHE together (${given['NEO4J_HEAP']} and ${given['NEO4J_PAGECACHE']}), and Neo4j needs some besides`;
}

function bytesIn(amount = ''): number | undefined {
  const [, digits, unit = ''] = /^(\d+(?:\.\d+)?)\s*([kmgt]?)(?:i?b)?$/i.exec(amount) ?? [];
  return digits === undefined ? undefined : Number(digits) * 1024 ** ' kmgt'.indexOf(unit.toLowerCase() || ' ');
}
