import type { Feedback } from '@aetherius/shared/contracts';

/** An end as it is kept: with what had been answered, who said it, and what it really was where a person said so. */
export type Given = Feedback & { actual_category: string | null; actor: string | null };

/** One judged answer. */
export type Judgement = {
  category: string;
  confidence: number | null;
  is_right: boolean;
  actual_category: string | null;
  at: string;
};
/** Ends of one remedy for one cause. */
export type RemedyEnds = { category: string; remedy: string; tried: number; worked: number };
/** How often a cause was answered. */
export type Answered = { category: string; answered: number };
/** Offers of one cause of which it is known whether they were taken, and how many were. */
export type Taken = { category: string; offers: number; taken: number };
/** Marks of one type: how many, their mean, and how many lean to which side. */
export type Marks = { feedback_type: string; count: number; mean: number; good: number; bad: number };
