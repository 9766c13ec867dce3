/** How grave a line says that it is; `none` where it does not say. */
export type Level = 'fatal' | 'error' | 'warn' | 'info' | 'none';

type Word = { level: Level; pattern: RegExp };

const levelWords: readonly Word[] = [
  { level: 'fatal', pattern: /\b(?:FATAL|PANIC|CRITICAL|CRIT|EMERG|ALERT|fatal|panic|critical|emerg)\b|^crit: / },
  { level: 'error', pattern: /\b(?:ERROR|ERR|SEVERE|error|Error|ERRO|ERR!|severe)\b|^E\d{4} |^fail: / },
  { level: 'warn', pattern: /\b(?:WARN|WARNING|warn|warning|WRN|Warning)\b|^W\d{4} / },
  {
    level: 'info',
    pattern:
      /\b(?:INFO|DEBUG|TRACE|NOTICE|info|debug|trace|notice|INF|DBG|LOG)\b|^[ID]\d{4} |^(?:dbug|trce): |^PHP (?:Notice|Deprecated|Strict Standards): /,
  },
];
/** The same in other languages, between blanks or brackets. */
const abroad: readonly [Level, string][] = [
  ['fatal', '致命|致命的|致命错误|치명적|ФАТАЛЬНО|КРИТИЧНО'],
  ['error', '错误|錯誤|エラー|오류|ОШИБКА|FEHLER|ERREUR|ERRORE|严重'],
  ['warn', '警告|경고|ПРЕДУПРЕЖДЕНИЕ|WARNUNG|AVERTISSEMENT|ADVERTENCIA|AVISO|AVVISO'],
  ['info', '信息|資訊|情報|정보|ИНФОРМАЦИЯ|調試|调试'],
];
/** Where a level stands when a line has one: near its front, or as a field. */
const WITHIN = 70;
const field =
  /(?:\b|["']log[_.]?)(?:level|lvl|severity)(?:_?(?:name|text))?["']?\s?[=:]\s?["']?([A-Za-z]{3,11}|\d{2,3}\b)/i;
/** As MongoDB names it. */
const letter = /^\{.{0,80}?"s":\s?"([FEWID])\d?"/;
/** Behind fields, as loggers of jobs write it. */
const behindFields = /^(?:\d\S{5,40} )?(?:\w{1,30}=\S{1,100} ){1,12}([A-Z]{3,8}): /;
const letters: Record<string, Level> = { F: 'fatal', E: 'error', W: 'warn', I: 'info', D: 'info' };

/** Numbers of Node's loggers below a hundred, those of Monolog above. */
function ofNumber(text: string): Level {
  const number = text.length > 2 ? Number(text) / 10 : Number(text);
  const [fatal, error, warn] = text.length > 2 ? [50, 40, 30] : [60, 50, 40];
  return number >= fatal ? 'fatal' : number >= error ? 'error' : number >= warn ? 'warn' : 'info';
}

const wordsAbroad: readonly Word[] = abroad.map(([level, words]) => ({
  level,
  pattern: new RegExp(`(?<=^|[\\s[【<])(?:${words})(?=[\\s\\]】>:：])`),
}));
/** Letters that English has not, or a word of another language that has none of them. */
const isAbroad =
  /[\u0400-\u04ff\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]|FEHLER|WARNUNG|ERREUR|AVERTISSEMENT|ADVERTENCIA|AVISO|AVVISO|ERRORE/;

function ofWord(text: string): Level {
  const words = isAbroad.test(text) ? [...levelWords, ...wordsAbroad] : levelWords;
  const found = words
    .map(({ level, pattern }) => ({ level, at: text.search(pattern) }))
    .filter(({ at }) => at !== -1)
    .sort((a, b) => a.at - b.at)[0];
  return found?.level ?? 'none';
}

/** A field that tells that there was none. */
const nothing =
  /["']?\b(?:err(?:or)?s?|exceptions?|fatal|panics?|fail(?:ed|ures?)?)["']?\s?[=:]\s?(?:null|nil|none|false|0|"(?:<nil>)?"|''|\[\]|\{\})(?![\w.])/gi;

/** A text without the errors that it says there were none of. */
export const withoutNothing = (text: string): string => text.replace(nothing, '');

const none = /\b(?:no|0|zero|without) (?:errors?|failures?|failed|refused|denied)\b/gi;

/** The same, and without those of which it counts none. */
export const withoutNone = (text: string): string => withoutNothing(text).replace(none, '');

/** The level that a line states. */
export function levelOf(text: string): Level {
  const named = field.exec(text)?.[1];
  const level = named === undefined ? 'none' : /^\d/.test(named) ? ofNumber(named) : ofWord(` ${named} `);
  if (level !== 'none') return level;
  const short = text.startsWith('{') ? letter.exec(text)?.[1] : undefined;
  if (short !== undefined) return letters[short] ?? 'none';
  const behind = behindFields.exec(text)?.[1];
  const found = behind === undefined ? 'none' : ofWord(behind);
  return found === 'none' ? ofWord(withoutNothing(text.slice(0, WITHIN))) : found;
}

const finest = /\b(?:DEBUG|TRACE|debug|trace|DBG|TRC|VERBOSE)\b|^(?:dbug|trce): /;

/** Whether a line is of the finest levels, at which a program talks to who writes it. */
export function isDebug(text: string): boolean {
  if (levelOf(text) !== 'info') return false;
  const named = field.exec(text)?.[1];
  return finest.test(named ?? text.slice(0, WITHIN));
}
