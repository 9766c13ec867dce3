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

const prompt = `(${anyWord}|${dressed.join('|')})`;
const atPrompt = new RegExp(`^${prompt} *${program} +(\\S.*)$`, 'u');
const withAny = new RegExp(`^${prompt} +(?:sudo(?: -\\S+)* +)?([\\w./-]{1,80})(?: .*)?$`, 'u');
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
  const [, , rest = bare.exec(line)?.[1]] = atPrompt.exec(line) ?? [];
  return rest === undefined
    ? undefined
    : { rest, isTyped: !line.startsWith('#') && !bare.test(line) && /^[a-z-]/.test(rest) };
}

/** A lone sign begins lines of logs as well (`$ node server.js`, as yarn prints it): behind it only what operators run counts. */
const ofOperators = new Set(
  `awk aws az cat cd crictl ctr curl date df dig dmesg docker du echo egrep etcdctl export find flux free gcloud grep head helm
  host hostname iostat ip istioctl journalctl jq less ls lsblk mysql nc netstat nslookup openssl ping podman ps psql redis-cli
  rg scp sed ss ssh stern systemctl tail talosctl telnet top uptime vmstat watch wget zcat zgrep`.split(/\s+/),
);

/** What of a prompt stays when the directory changes: `jo@laptop`, `[ops@jump`, `$`. */
const signOf = (shown: string): string => shown.split(/[:\s]/, 1)[0] ?? '';

/** Before which prompts `kubectl` was typed. */
export const promptsIn = (lines: readonly string[]): ReadonlySet<string> =>
  new Set(
    lines
      .filter((line) => typedAt(line) !== undefined)
      .flatMap((line) => atPrompt.exec(line.trimEnd())?.[1] ?? [])
      .map(signOf),
  );

/** Whether another program than `kubectl` was run in a line, at one of the prompts of this terminal. */
export function runsAnother(line: string, prompts: ReadonlySet<string>): boolean {
  // Most lines of a log begin otherwise.
  if (line.length > MOST_LETTERS || ![...prompts].some((sign) => sign !== '' && line.startsWith(sign))) return false;
  const [, shown, run = ''] = withAny.exec(line.trimEnd()) ?? [];
  if (shown === undefined || !prompts.has(signOf(shown))) return false;
  return shown.length > 1 || ofOperators.has(run.split('/').at(-1) ?? '');
}

/** Whether a line is a prompt at which nothing was typed. */
export const isBarePrompt = (line: string): boolean => line.length <= MOST_LETTERS && onlyPrompt.test(line);

/** Flags of `ssh` that take the next word as their value. */
const ofSsh = new Set(['-i', '-p', '-l', '-o', '-F', '-J']);
const nodeName = /^(?:[\w.-]{1,60}@)?(?!\d{1,3}(?:\.\d{1,3}){3}$)([a-z0-9][a-z0-9.-]{0,252})$/;

/** The node on which a command was run from elsewhere, as far as its line tells: `ssh NODE dmesg`, `kubectl debug node/NODE`. */
export function nodeIn(line: string): string | undefined {
  if (line.length > MOST_LETTERS) return undefined;
  const debugged = / debug node\/([a-z0-9][a-z0-9.-]{0,252})(?: |$)/.exec(line)?.[1];
  if (debugged !== undefined || !/(?:^| )ssh .*\b(?:dmesg|journalctl)\b/.test(line)) return debugged;
  const words = line.split(/ +/);
  const own = words.slice(words.indexOf('ssh') + 1);
  const host = own.find((word, at) => !word.startsWith('-') && !ofSsh.has(own[at - 1] ?? ''));
  return nodeName.exec(host ?? '')?.[1];
}
