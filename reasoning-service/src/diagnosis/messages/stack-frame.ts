import { anyOf } from './any-of.ts';

/** Lines that only say where in a program something happened: frames of the languages, "... 12 more", carets, headings of traces. */
const frame = anyOf(
  /^\s+at |^\s+from \S{1,300}:in |^\s*\.{3} \d+ (?:more|common frames)|^\s+File "|^goroutine \d+ |^\S{1,200}\(\{?0x[0-9a-f]+/,
  /^\s+#?\d{1,4}: {1,3}[\w<][\w<>:$. ]{0,200}(?:::|\+)|^\s+#\d{1,4} |^\s*[\^~]+[\^~\s]*$|^created by /,
  /^\s+\([\w.-]{1,60} [\d.]{1,20}\) \S|^\s+-{2,3} End of |^\s+(?=[^\s:]*\/)[^\s:]+\.\w{1,5}:\d{1,6}\b/,
  /^stack backtrace:$|^note: (?:run with `RUST_BACKTRACE|Some details are omitted)/,
  // A function of Go that was given nothing.
  /^[\w./-]{1,200}\.[\w.()*[\]]{1,120}\((?:\.{3})?\)$/,
  /^Traceback \(most recent call last\)|^During handling of the above|^The above exception was/,
);
/** What runtimes print before the line of the source in which it happened. */
const beforeSource = /^\s+File "|^(?:file:\/\/)?\/[^\s:]{1,300}:\d{1,6}$/;

/** Says of one line after another whether it is a frame or the source under one. */
export function createFrames(): (line: string) => boolean {
  let isInSource = false;
  return (line) => {
    const isFrame = frame.test(line) || (isInSource && /^\s/.test(line));
    isInSource = beforeSource.test(line) || (isFrame && isInSource);
    return isFrame;
  };
}
