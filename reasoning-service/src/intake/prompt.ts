/** Prompts that are known by their form, most of them with blanks in them. */
const dressed = [
  '[$#]',
  String.raw`(?:\([^()]{1,80}\) ?)?\[[^\]]{1,80}\][$#%]`,
  String.raw`(?:\([^()]{1,80}\) ?)?[\w.-]{1,40}@\S{1,80}(?: [^$#%>]{1,80})?[$#%>]`,
  'PS [^>]{1,160}>',
  String.raw`➜ {1,3}\S{1,80}(?: git:\(\S{1,80}\))?(?: ✗)?`,
  '[^❯➜]{1,80}[❯➜]',
];
/** Any other prompt is one word, and only its command tells it from other text. */
const anyWord = String.raw`\S{0,80}[$#%>❯➜]`;
/** With what people run it: as root, out of a small distribution, in colours, or by the first letter. */
const program = String.raw`(?:sudo(?: -\S+)* +)?(?:(?:microk8s|minikube|k3s)[ .]+)?(?:kubectl(?:\.exe)?|kubecolor|oc|k)`;

const atPrompt = new RegExp(`^(?:${anyWord}|${dressed.join('|')}) *${program} +(\\S.*)$`, 'u');
const bare = /^(?:sudo +)?(?:kubectl|oc) +(\S.*)$/;
const onlyPrompt = new RegExp(`^(?:${dressed.join('|')})\\s*$`, 'u');

/** Most lines are told by one word that they lack. */
const mentioned = /(?:kubectl(?:\.exe)?|kubecolor|\boc|\bk) /;

/** Longer lines are no command that somebody typed. */
const MOST_LETTERS = 2_000;

/**
 * What stands behind `kubectl` in a line, or undefined where the line is no such command. Typed is what has a prompt before it: a
 * manifest or a script only mentions commands.
 */
export function typedAt(raw: string): { rest: string; isTyped: boolean } | undefined {
  if (raw.length > MOST_LETTERS || !mentioned.test(raw)) return undefined;
  const line = raw.trimEnd();
  const [, rest = bare.exec(line)?.[1]] = atPrompt.exec(line) ?? [];
  return rest === undefined
    ? undefined
    : { rest, isTyped: !line.startsWith('#') && !bare.test(line) && /^[a-z-]/.test(rest) };
}

/** Whether a line is a prompt at which nothing was typed. */
export const isBarePrompt = (line: string): boolean => line.length <= MOST_LETTERS && onlyPrompt.test(line);
