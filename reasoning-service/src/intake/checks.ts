import { type Reading, type ReadObject, reading } from './reading.ts';

const check = /^\[([+-])\](\S{1,120}) (?:ok|failed|excluded)\b/;
const verdict = /^(?:readyz|livez|healthz) check (?:passed|failed)$/;
const unread = /^(?:Error from server|error:)/;

/** The health checks of an API server, as `kubectl get --raw '/readyz?verbose'` prints them; undefined for any other text. */
export function readChecks(text: string): Reading | undefined {
  // Most texts have none: looking costs less than taking ten megabytes apart.
  if (!text.includes('[+]') && !text.includes('[-]')) return undefined;
  const lines = text.split('\n').filter((line) => line.trim() !== '' && !unread.test(line));
  const checks = lines.filter((line) => check.test(line));
  const isAll = checks.length > 0 && lines.every((line) => check.test(line) || verdict.test(line.trim()));
  return isAll ? reading({ objects: checks.map(componentOf) }) : undefined;
}

function componentOf(line: string): ReadObject {
  const [, sign = '', name = ''] = check.exec(line) ?? [];
  const condition = { type: 'Healthy', status: sign === '+' ? 'True' : 'False', message: line };
  return { detail: 'row', kind: 'ComponentStatus', namespace: null, name, body: { conditions: [condition] } };
}
