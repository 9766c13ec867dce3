import type { Bundle } from '@aetherius/shared/contracts';

const MOST_LETTERS = 200_000;
const MOST_TOLD = 160;
const SAYS = 'which speaks of trouble: ';

/** What somebody typed is no answer. */
const typed = /^\s*\S{0,60}[$#>] /;
/** That there was none. */
const none = /\b(?:no|0|zero|without) (?:errors?|failures?|failed)\b|\b(?:errors?|failures?|failed)["']?[=:]\s*0\b/gi;
const words =
  /\b(?:errors?|fail(?:ed|ure|ures|ing)?|timed out|exceeded|refused|unavailable|not available|unhealthy|panic|fatal|denied|pending-(?:install|upgrade|rollback)|crash\w*)\b|^\s*5\d\d\s*$|\bHTTP\/[\d.]+ 5\d\d\b|\b5\d\d (?:Internal|Bad Gateway|Service Unavailable|Gateway Time)/i;
/** An asker who mistyped a name or lacks a right is told so, which says nothing of the cluster. */
const ofAsker =
  /\((?:NotFound|Forbidden|Unauthorized)\)|doesn't have a resource type|unknown (?:command|flag|shorthand)|must specify|the path .{0,200} does not exist/;

/** What the API server remarks on a manifest that it took all the same. */
const remark =
  /^\s*Warning: (?:\S+ \S+ is deprecated\b|would violate PodSecurity\b|resource \S+ is missing the \S+ annotation)/;

/** The end of a reason why a text was not read: the line of it that speaks of trouble, where there is one. */
export function troubleInUnread(text: string): string {
  const line = text
    .slice(0, MOST_LETTERS)
    .split('\n')
    .find((one) => !typed.test(one) && !ofAsker.test(one) && !remark.test(one) && words.test(one.replace(none, '')));
  return line === undefined ? '' : `, ${SAYS}"${line.trim().slice(0, MOST_TOLD)}"`;
}

/** The first part of the evidence that could not be read and speaks of trouble, as it was told. */
export const unreadTrouble = ({ cut }: Bundle): string | undefined => cut.find((line) => line.includes(SAYS));
