import { anyOf } from './any-of.ts';
/** What the shell, the loader or the interpreter says when the program itself is written or packed wrongly. */
export type ScriptFault = { why: 'syntax' | 'missing_file' | 'not_executable' | 'wrong_platform'; words: string };

const faults: readonly { why: ScriptFault['why']; pattern: RegExp; words: string }[] = [
  { why: 'wrong_platform', pattern: /exec format error/i, words: 'the program is built for another platform' },
  {
    why: 'syntax',
    pattern:
      /syntax error|SyntaxError|ParserError|parse error near|unexpected (?:token|end of file|EOF while)|IndentationError|TabError|unterminated quoted string|bad substitution|: not a valid identifier|ParseException line/i,
    words: 'its script has a syntax error',
  },
  {
    why: 'not_executable',
    // The first is the container runtime's word, before there was a program.
    pattern: anyOf(
      /^exec \S{1,300}: no such file or directory$/i,
      /(?:exec|sh|bash|env|entrypoint\S{0,40}|tini|dumb-init).{0,200}: [Pp]ermission denied|Operation not permitted.{0,60}exec/,
    ),
    words: 'its command may not be executed',
  },
  {
    why: 'missing_file',
    pattern: anyOf(
      /: (?:command )?not found$/i,
      /: line \d{1,6}: .{1,200}: (?:command not found|No such file or directory)/i,
      /can't open (?:file )?['"]?\S{1,300}|No such file or directory|Cannot find module/i,
      /ModuleNotFoundError|No module named|ImportError|Could not find or load main class|LoadError/i,
      /cannot load such file|executable file not found|Unable to access jarfile|MODULE_NOT_FOUND/i,
      /FileNotFoundError|Could not open input file/i,
    ),
    words: 'a file or command that its script calls is not there',
  },
];

/** Reads a program's words for a fault of the script or the package rather than of what it does. */
export function parseScriptFault(text: string): ScriptFault | undefined {
  const found = faults.find(({ pattern }) => pattern.test(text));
  return found === undefined ? undefined : { why: found.why, words: found.words };
}
