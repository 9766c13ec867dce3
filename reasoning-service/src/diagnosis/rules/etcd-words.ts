import type { BundleLog, Subject } from '@aetherius/shared/contracts';
import type { Evidence } from '../evidence.ts';
import { citeEvents, type Facts } from '../facts.ts';
import type { Statement } from '../messages/log-line.ts';
import { isControlPlane } from './control-plane-reach.ts';

/** Lines that nobody else writes: those of etcd name its packages, and only an API server keeps a channel to an etcd beside it. */
const ownVoice =
  /"caller":"(?:etcdserver|etcdmain|wal|rafthttp|mvcc|embed|membership)\/|\] \[core\] .{0,80}createTransport.{0,80}(?:127\.0\.0\.1|\[::1\]):2379/;

/** Of a part of the control plane by its name, or by its voice where nothing tells whose log it is. */
export const isOwnLog = ({ graph }: Facts, { namespace, pod, lines }: BundleLog): boolean =>
  isControlPlane(pod) ||
  (graph.find({ kind: 'Pod', namespace, name: pod }) === undefined && lines.some((line) => ownVoice.test(line)));

/** How etcd tells that it waits for its disk, and all of the control plane with it. */
export const waitsForDisk = /\bslow fdatasync\b|\bsync duration of \S{1,20}, expected less than\b/;

/** `of`: the etcd, of which the evidence is, and not of what ended. */
export type Disk = { words: string; evidence: Evidence[]; of: Subject[] };
export const noDisk: Disk = { words: '', evidence: [], of: [] };

export const took = /"took":"([^"]{1,20})"|took too long \(([^)]{1,20})\)/;

/** What etcd says of its disk, where it says so: the last of it, and how often. */
export function slowDisk(facts: Facts): Disk {
  const said = facts.bundle.logs
    .filter((log) => isOwnLog(facts, log))
    .flatMap((log) => facts.statements(log).map(({ line }) => ({ log, line })))
    .filter(({ line }) => waitsForDisk.test(line));
  const last = said.at(-1);
  if (last === undefined) return noDisk;
  const time = took.exec(last.line)?.[1];
  return {
    words: `; etcd waits for its disk: slow fdatasync${time === undefined ? '' : ` of ${time}`} (${said.length} times)`,
    evidence: [{ id: last.log.id, quote: last.line.slice(0, 500) }],
    of: [{ kind: 'Pod', namespace: last.log.namespace, name: last.log.pod }],
  };
}

/** An alarm that a line of etcd carries beside its sentence, which says no more than that there is one. */
const alarm = /"alarm":"([A-Z]{1,20})"/;

export function withAlarm({ text, line }: Statement): string {
  const name = alarm.exec(line)?.[1];
  return name === undefined || text.includes(name) ? text : `${text} (alarm ${name})`;
}

const full = /\bNOSPACE\b|\bmvcc: database space exceeded\b/;
const disarmed = /\balarm disarmed\b|\bdisarmed? alarm\b/i;

/** What the control plane's own logs, and events of those that it serves, tell of an etcd that takes nothing more; nothing of an alarm that was disarmed. */
export function saidOfFullDatabase(facts: Facts): Evidence[] {
  const logged = facts.bundle.logs
    .filter((log) => isOwnLog(facts, log))
    .flatMap((log) => {
      const said = facts.statements(log);
      const since = said.slice(said.findLastIndex(({ line }) => disarmed.test(line)) + 1);
      return since
        .filter(({ line }) => full.test(line))
        .slice(-1)
        .map(({ line }) => ({ id: log.id, quote: line.slice(0, 500) }));
    });
  return [...logged, ...citeEvents(facts.events({ message: full }))];
}
