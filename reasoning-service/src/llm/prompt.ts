import { createHash } from 'node:crypto';
import type { Bundle, Category, Diagnosis } from '@aetherius/shared/contracts';
import { errors } from '@aetherius/shared/errors';
import { type EvidenceItem, evidenceItems, steady } from './evidence-items.ts';
import type { Given } from './hold-to-evidence.ts';
import { type Language, languages } from './languages.ts';
import type { Prompt } from './llm.ts';
import { modelAnswerSchema } from './model-answer.ts';
import type { Hidden, Veil } from './veil.ts';

/** The prompts as they stand in their files. */
export type Templates = { system: string; user: string };
/** Tokens that one call may take and give back. */
export type Size = { input_tokens: number; output_tokens: number };

/** A cautious guess: no tokeniser in use makes more tokens than this of plain text, code or Chinese. */
export const tokensOf = (text: string): number => Math.ceil(Buffer.byteLength(text) / 3);

type Question = { bundle: Bundle; diagnosis: Diagnosis; close: readonly Category[]; language: Language };
type Made = { veil: Veil; templates: Templates; size: Size };

/** The prompt for one question, with what is needed to hold the answer to it. */
export function makePrompt(question: Question, { veil, templates, size }: Made): { prompt: Prompt; given: Given } {
  const { bundle, diagnosis, close, language } = question;
  const finding = veil.hide(steady(findingText(diagnosis)));
  const room = size.input_tokens - tokensOf(templates.system + templates.user + finding);
  const items = numbered(evidenceItems(bundle, diagnosis, veil.mask), veil, room);
  const evidence = items.map(({ text }) => text).join('\n') as Hidden;
  const user = fill(templates.user, {
    language: languages[language].name,
    open_hypotheses: close.length === 0 ? 'none' : close.join(', '),
    finding,
    evidence,
  }) as Hidden;
  return {
    prompt: { system: templates.system, user, schema: modelAnswerSchema, max_output_tokens: size.output_tokens },
    given: {
      evidence: new Map(items.map(({ number, id }) => [number, id])),
      shown: user,
      causes: [diagnosis.category, ...diagnosis.rejected.map(({ category }) => category)],
      close,
      strangers: veil.strangers,
    },
  };
}

/** Same words, same model, same language: the same answer will do. Everything in it is redacted already. */
export const fingerprintOf = (model: string, { system, user, max_output_tokens }: Prompt): string =>
  createHash('sha256')
    .update(JSON.stringify([model, system, user, max_output_tokens]))
    .digest('hex');

function findingText({
  category,
  status,
  subject,
  root_cause: cause,
  confidence,
  rejected,
  missing_evidence,
}: Diagnosis) {
  return [
    `status: ${status}`,
    `cause: ${category}`,
    `what is broken: ${subject.kind} ${subject.name}`,
    `what broke it: ${cause.subject.kind} ${cause.subject.name}: ${cause.description}`,
    `confidence: ${confidence}`,
    ...rejected.map(({ category: other, reason }) => `weighed against it: ${other} (${reason})`),
    ...missing_evidence.map((missing) => `missing: ${missing}`),
  ].join('\n');
}

type Numbered = { number: string; id: string; text: Hidden };

/** Items as long as there is room; the first are those that the diagnosis rests on. */
function numbered(items: readonly EvidenceItem[], veil: Veil, room: number): Numbered[] {
  const taken: Numbered[] = [];
  let left = room;
  for (const { id, text } of items) {
    const number = `E${taken.length + 1}`;
    const shown = veil.hide(`${number} ${text}`);
    left -= tokensOf(shown) + 1;
    if (left < 0) break;
    taken.push({ number, id, text: shown });
  }
  return taken;
}

function fill(template: string, values: Record<string, string>): string {
  return template.replace(/\{\{(\w+)\}\}/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw errors.invalid_input({ prompt: `there is no value for {{${name}}}` });
    return value;
  });
}
