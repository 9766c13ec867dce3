import { anyOf } from './any-of.ts';
import { isPassedTest } from './test-run.ts';

/** What components write on every healthy day at a level of warning or error. */
const always = anyOf(
  // CoreDNS without snippets of one's own.
  /No files matching import glob pattern/,
  // The kubelet asks once more for a container that it has just removed, and for a disk before its first measure.
  /"(?:ContainerStatus from runtime service failed|DeleteContainer returned error)".{0,400}code = NotFound/,
  /\binvalid capacity 0 on image filesystem/,
  // Redis, of the kernel and the settings that it finds.
  /# (?:WARNING:? )?(?:Memory overcommit must be enabled|overcommit_memory is set to 0|The TCP backlog setting of \d+ cannot be enforced|(?:you have|Your kernel has) (?:Transparent Huge Pages|a bug that could lead))/i,
  /# Failed to test the kernel for a bug|# Warning: no config file specified/,
  // Envoy, of which the control plane ends each stream in turn; a reason of its own would follow.
  /gRPC config stream to \S{1,60} closed(?: since \S{1,20} ago)?: (?:0|13),?\s*(?:thread=\d+)?$/,
  // Postgres, of clients that go without a word.
  /could not (?:receive data from|send data to) client: (?:Connection reset by peer|Broken pipe)|unexpected EOF on client connection|\bincomplete startup packet|connection to client lost/,
  // Client libraries of Kubernetes, whose watches end now and then and are begun anew; a list that fails would be told as such.
  /\bwatch of \S{1,120} (?:ended with|closed with): /,
  // Java, of what its later releases forbid.
  /^WARNING: (?:An illegal reflective access operation has occurred|Illegal reflective access by |Please consider reporting this to the maintainers of |Use --illegal-access=|All illegal access operations will be denied in a future release)/,
  // V8 and the virtual machine of Java, of memory that they tidied up for want of room for something new.
  /^\[\d{1,10}:0x[0-9a-f]+\]\s{1,10}\d{1,12} ms: (?:Mark-(?:Compact|sweep)|Scavenge)\b|\[(?:Full )?GC \(Allocation Failure\)|\bPause (?:Young|Full)\b.{0,40}\(Allocation Failure\)/,
  /currently working with the default cache\.(?:\s|$)/,
  // MySQL, of the certificate that it made for itself, and of clients that go without a word.
  /\[Warning\] \[MY-010068\] |\[Note\] \[MY-010914\] \[Server\] (?:Aborted|Got an error)/,
  // A balancer that opens a port to see whether it is open.
  /TLS handshake error from \S{1,80}: (?:EOF|(?:read|write) tcp \S{1,100}: (?:read|write): connection reset by peer)$/,
);

/** How nginx tells of a file that somebody asked for and that is not there: it answers as it should, and nothing of its own fails. */
const unfound =
  /\bopen\(\) "[^"]{1,400}" failed \(2: No such file or directory\), client: .{1,300}\brequest: "(?:GET|HEAD|POST) (\/[^\s"?]{0,300})/;
/** What a page is made of; where that is not there the site is not whole. */
const ofPage = /(?:\/|\.(?:m?js|css|html?))$/;

function isAskedInVain(line: string): boolean {
  const path = unfound.exec(line)?.[1];
  return path !== undefined && !ofPage.test(path);
}

/** How MongoDB marks what it always says of the machine at its start. */
const atStart = /"tags":\s?\["startupWarnings"\]/;

/** What is everyday once, and a fault where it goes on: a client writes a key twice, two controllers write one object. */
const atTimes =
  /duplicate key value violates unique constraint|\] (?:\S{1,130}@\S{1,130} )?ERROR: {2}.{1,300} at character \d{1,6}$|the object has been modified; please apply your changes to the latest version/;

/** Whether a line, or the message in it, is what its component writes on every day. */
export const isEveryday = (text: string, line: string): boolean =>
  always.test(text) || atStart.test(line) || isAskedInVain(line) || isPassedTest(line);

/** Whether a line means nothing as long as it stays alone. */
export const isEverydayAtTimes = (text: string): boolean => atTimes.test(text);

/** By which Postgres ends the session of somebody whom it does not let in, and of nobody else; the server goes on. */
const turnedAway =
  /\bFATAL: {1,2}(?:(?:password|Peer|Ident|LDAP|PAM|GSSAPI|SCRAM|certificate|\w{2,12}) authentication failed for user|no pg_hba\.conf entry for|pg_hba\.conf rejects connection|role "[^"]{1,130}" (?:does not exist|is not permitted to log in)|database "[^"]{1,130}" does not exist|canceling authentication due to timeout|unsupported frontend protocol|no PostgreSQL user name specified)/i;
export const isTurnedAway = (text: string): boolean => turnedAway.test(text);
