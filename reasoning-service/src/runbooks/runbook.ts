import { Category } from '@aetherius/shared/contracts';
import { z } from 'zod';

/** What stands above the text of a runbook. */
export const FrontMatter = z.strictObject({
  title: z.string().min(1).max(200),
  categories: z.array(Category).default([]),
  kinds: z.array(z.string().min(1).max(63)).default([]),
  keywords: z.array(z.string().min(1).max(60)).default([]),
});

/** Instructions for people; the id is the file's name. */
export const Runbook = FrontMatter.extend({ id: z.string(), text: z.string() });
export type Runbook = z.infer<typeof Runbook>;
