import type { Facts } from '../facts.ts';
import { firstComplaint, quoteOf } from '../messages/log-signature.ts';
import { fileOf } from '../unplaced-log.ts';

const MOST = 5;

/** Complaints of pods that a whole listing lacks: what they tell of is over, or what was listed is not all. */
export const goneWriters = (facts: Facts): string[] =>
  facts.bundle.logs
    .filter(
      ({ namespace, pod: name }) =>
        fileOf(name) === undefined &&
        facts.graph.isWhole('Pod', namespace) &&
        facts.graph.find({ kind: 'Pod', namespace, name }) === undefined,
    )
    .flatMap((log) => {
      const said = firstComplaint(facts.statements(log));
      if (said === undefined) return [];
      const where = log.namespace === null ? log.pod : `${log.namespace}/${log.pod}`;
      return `whether Pod ${where} is still there: its log says "${quoteOf(said).slice(0, 200)}", and among what was listed there is no such pod`;
    })
    .slice(0, MOST);
