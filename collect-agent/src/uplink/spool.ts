import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { type Entry, emptySegment, fileOf, lineOf, readSegment, type Segment, withEntry } from './segment.ts';
import {
  type Gap,
  type Position,
  readState,
  removeSegment,
  type SpoolState,
  writeGap,
  writePosition,
} from './spool-state.ts';

export type { Entry } from './segment.ts';
export type { Gap } from './spool-state.ts';
export type Spooled = Entry & { position: Position };
type Options = {
  folder: string;
  /** Above this the oldest messages are cut and counted as a gap; without it nothing is ever cut. */
  maxBytes?: number;
  segmentBytes?: number;
  /** Called at each point where a crash leaves another state on disk; a test may throw here. */
  fault?: (point: 'write' | 'sync' | 'gap' | 'remove') => void;
};
type Pending = { entry: Entry; resolve: () => void; reject: (error: unknown) => void };

const SEGMENT_BYTES = 1024 * 1024;
/** Most entries of one sync: a storm in a single one would make a segment of tens of MiB, which is read back whole. */
const BATCH = 256;

/**
 * Messages on disk until they are sent, in order.
 * 1. `append` resolves after fdatasync, so what was acknowledged survives kill -9 and a power cut; appends that come in
 *    meanwhile share the next sync.
 * 2. One operation at a time touches the files. Each segment is written by one process only: a new one begins at each start,
 *    so nothing is ever appended behind a torn line.
 * 3. What was cut is counted on disk before its file goes, so no crash can lose or double the count.
 */
export class Spool {
  readonly torn: number;
  readonly #options: Options;
  #segments: Segment[];
  #position: Position;
  #gap: Gap | undefined;
  #file: FileHandle | undefined;
  #head: { number: number; entries: Entry[] } | undefined;
  #pending: Pending[] = [];
  #turn: Promise<unknown> = Promise.resolve();

  private constructor(options: Options, { segments, position, gap, torn }: SpoolState) {
    this.#options = options;
    this.#segments = segments;
    this.#position = position;
    this.#gap = gap;
    this.torn = torn;
  }

  /** Opens the folder's spool with all that an earlier process left in it. */
  static async open(options: Options): Promise<Spool> {
    return new Spool(options, await readState(options.folder));
  }

  /** Resolves once the entry is safe on disk. */
  append(entry: Entry): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#pending.push({ entry, resolve, reject });
      if (this.#pending.length === 1) void this.#inTurn(() => this.#flush());
    });
  }

  /** The oldest entries that are not sent yet. */
  peek(limit: number): Promise<Spooled[]> {
    return this.#inTurn(async () => {
      const segment = await this.#headWithWork();
      if (segment === undefined) return [];
      const sent = this.#sentOf(segment);
      const entries = (await this.#entriesOf(segment)).slice(sent, sent + limit);
      return entries.map((entry, index) => ({
        ...entry,
        position: { segment: segment.number, sent: sent + index + 1 },
      }));
    });
  }

  /** Everything up to this entry is sent. Of no effect when the entry was cut in the meantime. */
  ack({ position }: Spooled): Promise<void> {
    return this.#inTurn(async () => {
      const [segment] = this.#segments;
      if (segment === undefined || segment.number !== position.segment) return;
      this.#position = position;
      await writePosition(this.#options.folder, position);
      if (position.sent >= segment.entries) await this.#finish(segment);
    });
  }

  /** What was cut and is not yet told. */
  gap(): Gap | undefined {
    return this.#gap;
  }

  /** The gap is told; what was cut since then remains. */
  closeGap(told: Gap): Promise<void> {
    return this.#inTurn(async () => {
      const { count = 0, last_at = '', through = 0 } = this.#gap ?? {};
      const rest = { count: count - told.count, first_at: told.last_at, last_at, through };
      await writeGap(this.#options.folder, rest);
      this.#gap = rest.count > 0 ? rest : undefined;
    });
  }

  /** Entries that are not sent yet. */
  waiting(): number {
    const [head] = this.#segments;
    const all = this.#segments.reduce((sum, { entries }) => sum + entries, 0);
    return head === undefined ? 0 : all - this.#sentOf(head);
  }

  /** When the first of them was written down; undefined when nothing waits. */
  oldest(): string | undefined {
    const segment = this.#segments.find((one) => this.#sentOf(one) < one.entries);
    if (segment === undefined) return undefined;
    const known = this.#head?.number === segment.number ? this.#head.entries[this.#sentOf(segment)] : undefined;
    return known?.at ?? segment.first_at;
  }

  bytes(): number {
    return this.#segments.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** Waits for what is under way and closes the file. */
  stop(): Promise<void> {
    return this.#inTurn(() => this.#closeFile());
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work);
    this.#turn = result.catch(() => undefined);
    return result;
  }

  async #flush(): Promise<void> {
    const all = this.#pending.splice(0);
    for (let from = 0; from < all.length; from += BATCH) await this.#flushBatch(all.slice(from, from + BATCH));
  }

  async #flushBatch(batch: Pending[]): Promise<void> {
    try {
      await this.#write(batch.map(({ entry }) => entry));
      for (const { resolve } of batch) resolve();
    } catch (error) {
      // Part of the batch may be in the file: what follows goes to a new one, so that no line is glued to a torn one.
      await this.#closeFile().catch(() => undefined);
      for (const { reject } of batch) reject(error);
    }
  }

  async #write(entries: Entry[]): Promise<void> {
    const { folder, segmentBytes = SEGMENT_BYTES, fault } = this.#options;
    const file = this.#file ?? (await this.#nextFile(folder));
    const lines = entries.map(lineOf);
    await file.appendFile(lines.join(''));
    fault?.('write');
    await file.datasync();
    fault?.('sync');
    const tail = this.#segments.pop() ?? emptySegment(1);
    const grown = entries.reduce(
      (segment, entry, index) => withEntry(segment, entry, Buffer.byteLength(lines[index] ?? '')),
      tail,
    );
    this.#segments.push(grown);
    if (this.#head?.number === grown.number) this.#head.entries.push(...entries);
    if (grown.bytes >= segmentBytes) await this.#closeFile();
    await this.#cut();
  }

  async #nextFile(folder: string): Promise<FileHandle> {
    const last = Math.max(this.#segments.at(-1)?.number ?? 0, this.#position.segment, this.#gap?.through ?? 0);
    const file = await open(join(folder, fileOf(last + 1)), 'wx');
    this.#file = file;
    this.#segments.push(emptySegment(last + 1));
    await syncFolder(folder);
    return file;
  }

  async #closeFile(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    await file?.close();
  }

  /** Whole segments go, the oldest first; the one being written stays. */
  async #cut(): Promise<void> {
    const { folder, maxBytes = Number.POSITIVE_INFINITY, fault } = this.#options;
    for (let head = this.#segments[0]; head !== undefined && this.#segments.length > 1; head = this.#segments[0]) {
      if (this.bytes() <= maxBytes) return;
      const count = (this.#gap?.count ?? 0) + head.entries - this.#sentOf(head);
      const first_at = this.#gap?.first_at ?? head.first_at;
      this.#gap = { count, first_at, last_at: head.last_at, through: head.number };
      await writeGap(folder, this.#gap);
      fault?.('gap');
      await this.#remove(head);
    }
  }

  async #finish(segment: Segment): Promise<void> {
    const isTail = this.#segments.length === 1;
    // A spool that is mostly empty would otherwise make and remove a file for each message.
    if (isTail && this.#file !== undefined && segment.bytes < SEGMENT_BYTES / 16) return;
    if (isTail) await this.#closeFile();
    await this.#remove(segment);
  }

  async #remove(segment: Segment): Promise<void> {
    this.#options.fault?.('remove');
    this.#segments.shift();
    this.#head = undefined;
    await removeSegment(this.#options.folder, segment.number);
  }

  /** The oldest segment with something to send; those that were sent while they were still written to go now. */
  async #headWithWork(): Promise<Segment | undefined> {
    for (;;) {
      const [head] = this.#segments;
      if (head === undefined || this.#segments.length === 1 || this.#sentOf(head) < head.entries) return head;
      await this.#remove(head);
    }
  }

  #sentOf({ number }: Segment): number {
    return this.#position.segment === number ? this.#position.sent : 0;
  }

  async #entriesOf({ number }: Segment): Promise<Entry[]> {
    if (this.#head?.number !== number) {
      const { entries } = await readSegment(join(this.#options.folder, fileOf(number)));
      this.#head = { number, entries };
    }
    return this.#head?.entries ?? [];
  }
}

/** A new file is only safe once the folder that names it is. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
