import { seconds } from '@aetherius/shared/contracts';
import { RUNTIME_DOWN, runtimeProblem } from '../diagnosis/messages/container-runtime.ts';
import { parseEviction } from '../diagnosis/messages/eviction.ts';
import { saysKubeletCertificate } from '../diagnosis/messages/kubelet-certificate.ts';
import { parseMemoryKill, parseVictim, podNamedIn } from '../diagnosis/messages/memory-kill.ts';
import { parseSandbox } from '../diagnosis/messages/sandbox.ts';
import { before } from './moment.ts';
import { nodeIn } from './prompt.ts';
import { type ReadEvent, type Reading, reading } from './reading.ts';

const time = String.raw`([A-Z][a-z]{2} +\d{1,2} \d\d:\d\d:\d\d|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:?\d\d)`;
/** What `journalctl` and syslog print: time, host, program. */
const line = new RegExp(String.raw`^${time} ([a-z0-9][a-z0-9.-]{0,252}) ([\w.@-]{1,60})(?:\[\d+\])?: (.*)$`);
/** What `dmesg` prints; it does not tell the host. */
const ring = /^\[([A-Z][a-z]{2} [A-Z][a-z]{2} +\d+ [\d:]{8} \d{4}|[ \d]{1,8}\.\d{1,6})\] (.*)$/;
/** The command that somebody copied as well, and what `journalctl` says itself. */
const beside = /^(?:\S{0,80}[$#] (?:sudo |ssh [^|]{1,200} )?['"]?(?:dmesg|journalctl)\b|-- )/;
const klog = /^[IWEF](\d\d)(\d\d) (\d\d:\d\d:\d\d)[\d.]* +\d+ \S+:\d+\] /;
/** A file of its own name, which no other component has. */
const byKubelet = /^[IWEF]\d{4} [\d:.]+ +\d+ kubelet\.go:\d+\] /m;

const isLine = (one: string): boolean => line.test(one) || ring.test(one) || klog.test(one);
const isBeside = (one: string): boolean => one.trim() === '' || beside.test(one);

type Said = { at: number; node: string | undefined; program: string; message: string };
type Place = { file: string; at: string; node?: string | undefined };

const isKnown = (one: string): boolean => isLine(one) || isBeside(one);

/** The lines of a journal; undefined for any other text. */
function linesIn(text: string): string[] | undefined {
  // The first line of another form ends it, for a text may have millions.
  if (!text.split('\n', 1).every(isKnown)) return undefined;
  const all = text.split('\n');
  if (!all.every(isKnown)) return undefined;
  return all.some((one) => klog.test(one)) && !byKubelet.test(text) ? undefined : all.filter((one) => !isBeside(one));
}

/** What the kernel and the kubelet of a node wrote that a rule knows, as events of the node; undefined for any other text. */
export function readJournal(text: string, { file, at, node }: Place): Reading | undefined {
  const said = linesIn(text)?.map(saidIn) ?? [];
  const asked = node ?? nodeIn(text.slice(0, text.indexOf('\n')));
  const end = Math.max(...said.slice(-1).map((one) => one.at));
  const told = withVictims(said).flatMap((one) => ({ ...one, reason: reasonOf(one) }));
  const base = endOf(end, { at, first: told.find(({ reason }) => reason !== undefined)?.at });
  const events = new Map<string, ReadEvent>();
  for (const { reason, ...one } of told) {
    const key = `${reason} ${one.node} ${one.message}`;
    const known = events.get(key);
    if (reason === undefined) continue;
    const last = before(base, Math.max(0, (end - one.at) / 1000) || 0);
    const name = one.node ?? asked;
    const about = name === undefined ? { kind: 'Log', name: file } : { kind: 'Node', name };
    events.set(key, {
      ...{ type: 'Warning', reason, message: one.message, component: one.program, count: (known?.count ?? 0) + 1 },
      ...{ ...about, namespace: null, first_timestamp: known?.first_timestamp ?? last, last_timestamp: last },
    });
  }
  const meant = [...events.values()].filter((one) => isMeant(one, base));
  return meant.length === 0 ? undefined : reading({ events: meant });
}

/** Before it lies what counts from the start of the machine. */
const DATED = Date.UTC(2000, 0, 1);
/** So far back the clock of a node is believed: what is told of longer ago may be of another zone. */
const NEAR = seconds('1h') * 1000;

/**
 * When a journal ended. The clock of a node has no year and no zone, so what counts is how long before the end something was, unless
 * all that is told lies within the last hour by that clock as well.
 */
function endOf(end: number, { at, first }: { at: string; first: number | undefined }): string {
  const now = Date.parse(at);
  if (first === undefined || !(end >= DATED)) return at;
  const years = [0, -1].map((back) => new Date(end).setUTCFullYear(new Date(now).getUTCFullYear() + back));
  const own = years.find((one) => one <= now);
  const isNear = own !== undefined && own - (end - first) >= now - NEAR;
  return isNear ? new Date(own).toISOString() : at;
}

/** The kernel knows a pod by its UID; the kubelet writes the name beside it. */
function nameOf(victim: string, said: readonly Said[]): string[] {
  const uid = parseVictim(victim)?.pod;
  const line = said.find(
    ({ program, message }) => uid !== undefined && kubelets.test(program) && podNamedIn(message, uid) !== undefined,
  );
  return line === undefined ? [] : [line.message];
}

/** The kernel says whose process it is before it says that it killed it: the two are one, with the line that names the pod. */
function withVictims(said: readonly Said[]): Said[] {
  let victim: string | undefined;
  return said.map((one) => {
    if (one.program !== 'kernel') return one;
    if (parseVictim(one.message) !== undefined) victim = one.message;
    if (victim === undefined || reasonOf(one) === undefined) return one;
    const message = [victim, one.message, ...nameOf(victim, said)].join('\n');
    victim = undefined;
    return { ...one, message };
  });
}

/** The kubelet says so every few seconds as long as it lasts. */
const STILL = seconds('2m');
/** So long it may take until it has asked the runtime for the first time. */
const START_UP = seconds('1m');

/** Whether what was said of the runtime is neither over nor a matter of the first seconds; of all else the rules judge. */
function isMeant({ reason, message, first_timestamp: first, last_timestamp: last }: ReadEvent, at: string): boolean {
  if (reason !== RUNTIME_DOWN) return true;
  const lasted = (Date.parse(last ?? '') - Date.parse(first ?? '')) / 1000;
  const since = (Date.parse(at) - Date.parse(last ?? '')) / 1000;
  return since <= STILL && (runtimeProblem(message) === 'down' || lasted >= START_UP);
}

function saidIn(text: string): Said {
  const [front, month, day, time] = klog.exec(text) ?? [];
  if (front !== undefined)
    return {
      at: Date.parse(`2000-${month}-${day}T${time}Z`),
      node: undefined,
      program: 'kubelet',
      message: text.slice(front.length),
    };
  const [, when = '', node, program = '', message = ''] = line.exec(text) ?? [];
  if (node !== undefined) return { at: clock(when), node, program, message: message.replace(klog, '') };
  const [, moment = '', words = ''] = ring.exec(text) ?? [];
  const uptime = Number(moment);
  return {
    at: Number.isNaN(uptime) ? Date.parse(`${moment} UTC`) : uptime * 1000,
    node: undefined,
    program: 'kernel',
    message: words,
  };
}

/** Any leap year does: only differences are asked. */
const clock = (text: string): number =>
  Date.parse(/^\d/.test(text) ? text : text.replace(/^(\S+ +\d+) /, '$1 2000 ').concat(' UTC'));

/** Under which names a kubelet runs: some distributions keep all of a node in one process. */
const kubelets = /^(?:kubelet|hyperkube|(?:snap\.microk8s\.\S{0,40})?kubelite|(?:k3s|rke2)(?:-agent|-server)?)$/;

/** The reason that the kubelet gives the event in which it says the same. */
function reasonOf({ program, message }: Said): string | undefined {
  if (program === 'kernel') {
    const kill = parseMemoryKill(message);
    return kill === undefined ? undefined : kill.scope === 'container' ? 'OOMKilling' : 'SystemOOM';
  }
  if (!kubelets.test(program)) return undefined;
  if (parseSandbox(message) !== undefined) return 'NetworkNotReady';
  if (runtimeProblem(message) !== undefined) return RUNTIME_DOWN;
  if (saysKubeletCertificate(message)) return 'KubeletCertificateExpired';
  return parseEviction(message) === undefined ? undefined : 'EvictionThresholdMet';
}
