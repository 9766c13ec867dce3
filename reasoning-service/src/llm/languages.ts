import type { Diagnosis } from '@aetherius/shared/contracts';
import type { Held } from './hold-to-evidence.ts';

const han = /\p{Script=Han}/u;

/** Languages of an answer: how a prompt calls them, and how to see that an answer is in them. */
export const languages = {
  en: { name: 'English', isIn: (text: string) => !han.test(text), gap: ' ' },
  zh: { name: 'Simplified Chinese (简体中文)', isIn: (text: string) => han.test(text), gap: '' },
} as const;
export type Language = keyof typeof languages;
export const languageCodes = ['en', 'zh'] as const satisfies readonly Language[];

/** Statements of another language are not for this reader. */
export const inLanguage = ({ claims }: Held, language: Language): Held['claims'] =>
  claims.filter(({ statement }) => languages[language].isIn(statement));

/** A diagnosis that stays as the rules wrote it, in English; who asked for another language is told why. */
export const inEnglish = (diagnosis: Diagnosis, language: Language, why: string): Diagnosis =>
  language === 'en'
    ? diagnosis
    : {
        ...diagnosis,
        explanation: { text: null, language, model: 'none', degraded_reason: `This answer is in English: ${why}` },
      };
