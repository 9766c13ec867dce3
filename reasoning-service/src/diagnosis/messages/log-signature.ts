import type { Category } from '@aetherius/shared/contracts';
import { anyOf } from './any-of.ts';
import { isComplaint, type Statement } from './log-line.ts';
import { connections } from './signatures/connections.ts';
import { environment } from './signatures/environment.ts';
import { platform } from './signatures/platform.ts';
import type { Signature } from './signatures/signature.ts';

export type Cause = {
  category: Category;
  /** The host:port, variable, path or right that the line names, or an empty text. */
  target: string;
  description: string;
  statement: Statement;
};

/** Most certain first: a name that does not resolve also refuses no connection, a certificate also fails a handshake. */
const signatures: readonly Signature[] = [...platform, ...environment, ...connections];

/** Words at least one of which each signature needs: most lines of a log are passed over by this alone. */
const worthReading = anyOf(
  /err|fail|fatal|panic|exception|refus|time|resolv|lookup|certif|x509|tls|ssl|pkix|not set|unset/i,
  /unbound|missing|required|must|forbid|denied|permi|space|disk|quota|partition|split|quorum|leader/i,
  /no such|not found|cannot|can't|could not|unable|unreach|reset|slow|slot|pool|lock|memory|null/i,
  /undefined|syntax|unexpected|depend|closed|too many|duration|killed|placeholder|KeyError/i,
  /E[A-Z]{4,}|enough|minority|getaddrinfo|EOF|latency|bad address|validation|uninit|not exist/i,
  /encryption key/i,
);

const read = new WeakMap<Statement, Cause | 'none'>();

/** The cause that one statement names, or undefined; remembered, since several rules ask about the same log. */
export function causeIn(statement: Statement): Cause | undefined {
  const known = read.get(statement) ?? findCause(statement) ?? 'none';
  read.set(statement, known);
  return known === 'none' ? undefined : known;
}

function findCause(statement: Statement): Cause | undefined {
  if (!worthReading.test(statement.text)) return undefined;
  for (const { category, pattern, words, trace } of signatures) {
    const match = pattern.exec(statement.text);
    if (match === null || trace?.test(statement.trace) === false) continue;
    const target = match.slice(1).find((group) => group !== undefined) ?? '';
    return { category, target, description: words(target), statement };
  }
  return undefined;
}

const harmless =
  /continuing|ignor(?:ed|ing)|fall(?:ing)? back|fallback|non-fatal|optional|skipping|disabled|using default|will use/i;

/** How grave a statement is: what a program only warns of, or goes on without, did not end it. */
const isGrave = ({ level, text }: Statement): boolean => level !== 'warn' && level !== 'info' && !harmless.test(text);

/**
 * The first grave cause that a log names; failing that the first of any level, unless graver words of another kind follow it.
 * First, because what comes after the first error is mostly its echo.
 */
export function firstCause(statements: readonly Statement[]): Cause | undefined {
  let mild: Cause | undefined;
  for (const statement of statements) {
    const cause = causeIn(statement);
    if (cause === undefined) continue;
    if (isGrave(statement)) return cause;
    if (!harmless.test(statement.text)) mild ??= cause;
  }
  if (mild === undefined) return undefined;
  const { statement } = mild;
  const after = statements.slice(statements.indexOf(statement) + 1);
  const isGraver = (one: Statement) => one.level === 'fatal' || (statement.level === 'info' && isComplaint(one));
  return after.some(isGraver) ? undefined : mild;
}
