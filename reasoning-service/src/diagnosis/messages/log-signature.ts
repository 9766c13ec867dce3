import type { Category } from '@aetherius/shared/contracts';
import { anyOf } from './any-of.ts';
import { cutShort } from './cut-short.ts';
import { type Endpoint, endpointApart, endpointIn, spelled } from './endpoint.ts';
import { raisedBelow } from './exception.ts';
import { isComplaint, isNestedCause, isOpening, type Statement } from './log-line.ts';
import { clients, isTelemetry, lacksTopic, pools, wasAnswered } from './signatures/clients.ts';
import { connections } from './signatures/connections.ts';
import { environment } from './signatures/environment.ts';
import { addressIn, isSourceLine } from './signatures/host.ts';
import { platform } from './signatures/platform.ts';
import type { Signature } from './signatures/signature.ts';
import { translated } from './signatures/translated.ts';
import { feltSeconds } from './slow-statement.ts';
import { firstLastWord, isSurvived } from './survived.ts';
import { systemLimitIn } from './system-limit.ts';
import { isFailedTest, isPassedTest } from './test-run.ts';
import { isWrapper } from './wrapper.ts';

export type Cause = {
  category: Category;
  /** The host:port, variable, path or right that the line names, or an empty text. */
  target: string;
  /** Whom it called, where the words tell more of that than the target. */
  endpoint?: Endpoint | undefined;
  description: string;
  /** The description of the same about another target. */
  of: Signature['words'];
  statement: Statement;
  /** The line of the statement that has the words, for evidence. */
  quote: string;
  /** The statement in short, with the words in it. */
  said: string;
  /** It leaves open why: what stands beside it says more. */
  isVague: boolean;
};

/** Most certain first: a name that does not resolve also refuses no connection, a certificate also fails a handshake. */
const signatures: readonly Signature[] = [
  ...platform,
  ...environment,
  ...clients,
  ...connections,
  ...pools,
  ...translated,
];

/** Words at least one of which each signature needs: most lines of a log are passed over by this alone. */
const worthReading = anyOf(
  /err|fail|fatal|panic|exception|refus|time|resolv|lookup|certif|x509|tls|ssl|pkix|not set|unset/i,
  /unbound|missing|required|must|forbid|denied|permi|space|disk|quota|partition|split|quorum|leader/i,
  /no such|not found|cannot|can't|could not|unable|unreach|reset|slow|slot|pool|lock|memory|null/i,
  /undefined|syntax|unexpected|depend|closed|too many|duration|killed|placeholder|KeyError/i,
  /E[A-Z]{4,}|enough|minority|getaddrinfo|EOF|latency|bad address|validation|uninit|not exist/i,
  // Of other languages: letters that English has not.
  /[à-öø-ÿĀ-ž\u0400-\u04ff\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]|abgelehnt|recusada|rifiutata|odrzucone|Speicherplatz/i,
  /encryption key|number of clients|no listener|is full|connect|availab|reachab|gone away|sealed|server host|ORA-\d|SQL ?STATE/i,
);

/** A test that compares quotes what it compares; its words are no fault of the program's surroundings. */
const comparison =
  /\bexpect(?:ed)?\b.{1,300}\bto (?:be|equal|match|contain|deep(?:ly)? equal)\b|^\s*(?:E\s+)?assert .{1,300}(?:[!=]=| is | in )/;

/** How the log of a database server begins its lines: of Postgres, and of MySQL and MariaDB. */
const byServer = anyOf(
  /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,6})? \S{1,30} \[\d{1,10}\](?: \S{1,130}@\S{1,130})? ?(?:FATAL|ERROR|PANIC|WARNING): /,
  /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d\S{0,20} +\d{1,10} \[(?:ERROR|Warning)\] (?:\[MY-\d{1,10}\]|Too many|Aborted)/,
);
/** What a server says as it turns away its clients: in its own log no dependency fails it. */
const refusal =
  /too many (?:clients already|connections)|remaining connection slots|the database system is|canceling statement due to (?:statement|lock) timeout|lock wait timeout exceeded/i;

const isNoFullDisk = /\bdoes \*?not\*? mean that you have run out of disk space/i;

const refusesClients = ({ line, text }: Statement): boolean => refusal.test(text) && byServer.test(line);

const read = new WeakMap<Statement, Cause | 'none'>();

/** The cause that one statement names, or undefined; remembered, since several rules ask about the same log. */
export function causeIn(statement: Statement): Cause | undefined {
  const known = read.get(statement) ?? findCause(statement) ?? 'none';
  read.set(statement, known);
  return known === 'none' ? undefined : known;
}

/** Whoever an address is called as is no part of it. */
const user = /\b([a-z][a-z0-9+.-]{1,20}:\/\/)[^\s/@"']{1,200}@/gi;
/** What stands around a name in a sentence. */
const bare = (target: string): string =>
  target
    .replace(/^["'`(<[]+|["'`)>\],.;:]+$/g, '')
    .replace(
      /^(?:the|an?|any|all|its?|this|that|your|is|are|was|were|be|been|has|have|had|to|for|from|by|in|on|at|of|as|and|or|not|but|if|when|while|after|before|because|since|with|which|then)$/i,
      '',
    );

const HEAD = 80;
const WORDS = 120;

/** A statement in short: from its front, and where its telling words stand further back, from there. */
const inShort = (text: string, { index, 0: words }: RegExpExecArray): string =>
  index + words.length <= HEAD + WORDS
    ? cutShort(text, HEAD + WORDS)
    : `${cutShort(text.slice(0, index), HEAD).replace(/\s?…?$/, '')} … ${cutShort(text.slice(index), WORDS)}`;

/** The line of a statement in which the words of a cause stand, or what they name. */
const lineWith = ({ line, body }: Statement, pattern: RegExp, target: string): string =>
  [line, ...body].find((one) => pattern.test(one)) ?? body.find((one) => target !== '' && one.includes(target)) ?? line;

/** What of a statement a signature knows; whoever was answered does not lack the one that answered. */
function matched(signature: Signature, text: string, { trace }: Statement): RegExpExecArray | null {
  const match = signature.pattern.exec(text);
  if (match === null || signature.trace?.test(trace) === false) return null;
  return signature.category === 'dependency_unreachable' && wasAnswered.test(text) ? null : match;
}

const slowly = (): string => 'a dependency answers too slowly';

function findCause(statement: Statement): Cause | undefined {
  if (isPassedTest(statement.line) || isFailedTest(statement.line)) return undefined;
  const signed = signedCause(statement);
  const seconds = feltSeconds(statement);
  if (seconds === undefined || (signed !== undefined && signed.category !== 'slow_dependency_db')) return signed;
  return {
    category: 'slow_dependency_db',
    target: '',
    description: slowly(),
    of: slowly,
    statement,
    quote: statement.line,
    said: `${cutShort(statement.text, HEAD + WORDS)} (${Number(seconds.toPrecision(2))} s)`,
    isVague: false,
  };
}

/** Whom a statement complains of; a JSON line may tell that in fields that are no part of its message. */
const calledIn = ({ line }: Statement, text: string): Endpoint | undefined =>
  endpointIn(text) ?? (line.startsWith('{') ? endpointApart(line) : undefined);

function signedCause(statement: Statement): Cause | undefined {
  if (!worthReading.test(statement.text) || comparison.test(statement.text) || refusesClients(statement))
    return undefined;
  // The kernel says of its own tables what it says of disks; Postgres adds that it does not mean one.
  if (systemLimitIn(statement.text) !== undefined || isNoFullDisk.test(statement.text)) return undefined;
  const text = statement.text.replace(user, '$1');
  for (const signature of signatures) {
    const match = matched(signature, text, statement);
    if (match !== null) return causeBy(signature, match, { statement, text });
  }
  return undefined;
}

function causeBy(
  { category, pattern, words, isVague }: Signature,
  match: RegExpExecArray,
  { statement, text }: { statement: Statement; text: string },
): Cause {
  const found = bare(match.slice(1).find((group) => group !== undefined) ?? '');
  const host = isSourceLine(found) ? '' : found;
  const port = match.groups?.['port'];
  const target = port === undefined ? host : `${host}:${port}`;
  const endpoint = category === 'dependency_unreachable' ? calledIn(statement, text) : undefined;
  return {
    category,
    target,
    ...(endpoint === undefined ? {} : { endpoint }),
    of: words,
    description: words(target || addressIn(text) || (endpoint === undefined ? '' : spelled(endpoint))),
    statement,
    quote: lineWith(statement, pattern, host),
    said: inShort(text, match),
    isVague: isVague === true,
  };
}

/** The line of a statement that says most: the one that names its cause, else its head, or what is below where that says nothing. */
export function quoteOf(statement: Statement): string {
  const { line, body } = statement;
  const said = causeIn(statement)?.quote;
  if (said !== undefined) return said;
  if (isOpening(statement)) return [line, ...body.slice(0, 1)].join('\n');
  return isMute(line) ? (body[0] ?? line) : line;
}

/** How grave a statement is: what a program only warns of did not end it. */
const isMild = ({ level }: Statement): boolean => level === 'warn' || level === 'info';

/** So near to a failure stand the lines of the same burst. */
const BURST = 8;
/** That somebody is being called; whoever was reached did not fail. */
const calling =
  /\bconnecting\b|\bjdbc:|\bcan(?:no|')t (?:connect|reach)\b|connection (?:to|refused|timed out)|unreachable/i;

/** Whom the lines around a failure say that the program was calling. */
const calledBeside = (at: number, statements: readonly Statement[]): Endpoint | undefined =>
  [...statements.slice(at + 1, at + 1 + BURST), ...statements.slice(Math.max(0, at - BURST), at).reverse()]
    .filter(({ text }) => calling.test(text) && !isTelemetry(text))
    .map(({ text }) => endpointIn(text))
    .find((found) => found !== undefined);

const isNumber = /^\d{1,3}(?:\.\d{1,3}){3}:\d{1,5}$/;

/** A number that failed shortly after a name was to be called at the same port: the name stands at that number. */
function withName(cause: Cause, statements: readonly Statement[]): Cause {
  const [ip = '', port = ''] = cause.target.split(':');
  const at = statements.indexOf(cause.statement);
  const named = new RegExp(`(?<![\\w.@-])([a-z][\\w.-]{0,252}):${port}\\b`, 'i');
  const hosts = statements
    .slice(Math.max(0, at - BURST), Math.max(0, at))
    .filter(({ text }) => calling.test(text) && !isTelemetry(text))
    .flatMap(({ text }) => named.exec(text)?.[1] ?? []);
  const host = hosts.at(-1);
  return host === undefined || hosts.some((one) => one !== host) ? cause : { ...cause, endpoint: { host, port, ip } };
}

/** A first error often leaves out the address that its echo names, or a warning before it, or the line that tells of the attempt. */
export function withTarget(cause: Cause, statements: readonly Statement[]): Cause {
  if (isNumber.test(cause.target)) return withName(cause, statements);
  if (cause.target !== '' || cause.endpoint !== undefined) return cause;
  const at = statements.indexOf(cause.statement);
  const beside = [...statements.slice(at + 1), ...statements.slice(0, at).reverse()]
    .filter(({ text }) => !isTelemetry(text))
    .map(causeIn)
    .find((one) => one?.category === cause.category && (one.target !== '' || one.endpoint !== undefined));
  if (beside !== undefined) {
    const { target, endpoint } = beside;
    const named = target || (endpoint === undefined ? '' : spelled(endpoint));
    return { ...cause, target, endpoint, description: cause.of(named) };
  }
  const endpoint = cause.category === 'dependency_unreachable' ? calledBeside(at, statements) : undefined;
  return endpoint === undefined ? cause : { ...cause, endpoint, description: cause.of(spelled(endpoint)) };
}

/** Why no connection comes about, where something says it. */
const ofConnecting: ReadonlySet<Category> = new Set([
  'dns_failure',
  'tls_certificate_expired',
  'dependency_unreachable',
  'message_broker_partition',
]);

/** A driver explains itself over some lines before the cause that it caught. */
const EXPLAINED = 3;
const isToldFurther = (below: readonly Statement[]): boolean => below.slice(0, EXPLAINED).some(isNestedCause);

/**
 * What a vague cause comes from: what its report names below, failing that the last that was told before. Undefined where the
 * report tells that a server answered after all.
 */
function clarified(cause: Cause, statements: readonly Statement[]): Cause | undefined {
  if (!cause.isVague) return cause;
  if (lacksTopic(cause.statement.text, statements)) return undefined;
  const at = statements.indexOf(cause.statement);
  const rest = statements.slice(at + 1);
  const end = rest.findIndex((one, index) => !isComplaint(one) && !isToldFurther(rest.slice(index + 1)));
  const report = end < 0 ? rest : rest.slice(0, end);
  if (report.some(({ text }) => wasAnswered.test(text))) return undefined;
  const before = statements.slice(0, at).filter((one, index) => !isSurvived(one, statements[index + 1]));
  return (
    [...report, ...before.reverse()]
      .map(causeIn)
      .find((one) => one !== undefined && !one.isVague && ofConnecting.has(one.category)) ?? cause
  );
}

/**
 * The first grave cause that a log names; failing that the first mild one that no complaint of another kind follows.
 * First, because what comes after the first error is mostly its echo. What the program says that it survived is no cause.
 */
export function firstCause(statements: readonly Statement[]): Cause | undefined {
  const causes = statements.flatMap((statement, at) => {
    const cause = causeIn(statement);
    return cause === undefined || isSurvived(statement, statements[at + 1]) ? [] : cause;
  });
  for (const cause of causes.filter(({ statement }) => !isMild(statement))) {
    const clear = clarified(cause, statements);
    if (clear !== undefined) return withTarget(clear, statements);
  }
  if (causes.length === 0) return undefined;
  const last = firstLastWord(statements, new Set(causes.map(({ statement }) => statement)));
  const mild = causes.find(({ statement }) => statement === last);
  return mild && withTarget(mild, statements);
}

/** A line that ends with the name of its logger. */
const isMute = (line: string): boolean => /[:\]]\s*$/.test(line) && !/[a-z]{2} [a-z]{2,} /.test(line);
const sentence = /[A-Za-z]\S* [a-z]\S* \S/;
/** So far below stands what a report means whose head says nothing. */
const NEAR = 6;

/** What a complaint says; a report is told by what was raised, or by its first sentence. */
function spokenBy(complaint: Statement | undefined, statements: readonly Statement[]): Statement | undefined {
  if (complaint === undefined) return undefined;
  const raised = raisedBelow(complaint, statements);
  if (raised !== undefined && !isWrapper(raised)) return { ...raised, level: complaint.level };
  if (complaint.body.length > 0 || !isMute(complaint.line)) return complaint;
  const at = statements.indexOf(complaint) + 1;
  const told = statements.slice(at, at + NEAR).find(({ level, text }) => level === 'none' && sentence.test(text));
  return told === undefined ? complaint : { ...told, level: complaint.level };
}

/** The first complaint that the program did not survive and that says more than that it ended, failing that the first of all. */
export function firstComplaint(statements: readonly Statement[]): Statement | undefined {
  const complaints = statements.filter(isComplaint);
  const ending = statements.filter((one, at) => isComplaint(one) && !isSurvived(one, statements[at + 1]));
  const limited = ending.find(({ text }) => systemLimitIn(text) !== undefined);
  return spokenBy(limited ?? ending.find((one) => !isWrapper(one)) ?? ending[0] ?? complaints[0], statements);
}
