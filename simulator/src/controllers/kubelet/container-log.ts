/** One line that a container wrote. */
export type LogLine = { at: Date; text: string };

const keptLines = 500;

/** What a container wrote in its present run and in the one before. */
export class ContainerLog {
  #current: LogLine[] = [];
  #previous: LogLine[] | undefined;

  write(at: Date, text: string): void {
    this.#current.push({ at, text });
    if (this.#current.length > keptLines) this.#current.shift();
  }

  /** A new run begins: what was written so far becomes the previous log. */
  rotate(): void {
    this.#previous = this.#current;
    this.#current = [];
  }

  read(which: 'current' | 'previous'): readonly LogLine[] | undefined {
    return which === 'current' ? this.#current : this.#previous;
  }
}
