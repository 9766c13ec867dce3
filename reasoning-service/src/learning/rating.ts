import { Category, type Feedback } from '@aetherius/shared/contracts';
import { z } from 'zod';
import { own } from '../diagnosis/json-path.ts';

const words = { positive: 5, neutral: 3, negative: 1 } as const;

/** What a mark may be about. */
export const RatingType = z.enum(['diagnosis_accuracy', 'recommendation_usefulness', 'prediction_accuracy']);

/** A mark for an answer, with the names of fields that the public systems of this kind use. */
export const ratingFields = {
  feedback_id: z.string().min(1).max(100).optional(),
  request_id: z
    .string()
    .min(1)
    .max(100)
    .optional()
    .meta({ description: 'The incident, or the request, that was answered' }),
  feedback_type: RatingType.optional(),
  rating: z
    .union([z.int().min(1).max(5), z.enum(['positive', 'neutral', 'negative'])])
    .optional()
    .meta({ description: '1 to 5, or a word; from 4 on the answer was right, to 2 it was wrong' }),
  was_helpful: z
    .boolean()
    .optional()
    .meta({ description: 'Whether it helped; of a recommendation, that what it names was done, and how that ended' }),
  actual_root_cause: z.string().max(200).optional(),
  actual_solution: z.string().max(2000).optional(),
  comments: z.string().max(2000).optional(),
  submitted_by: z.string().min(1).max(200).optional().meta({
    description: 'Taken because the public systems have it, and not kept: a mark is of whoever the token names',
  }),
};

/** One mark as it is kept. */
export type Rating = {
  id: string;
  request_id: string;
  feedback_type: z.infer<typeof RatingType>;
  rating: number;
  was_helpful: boolean | null;
  actual_root_cause: string | null;
  actual_solution: string | null;
  comments: string | null;
  submitted_by: string;
  at: string;
};

/** A mark as a number from 1 to 5. */
export const markOf = (rating: number | keyof typeof words): number =>
  typeof rating === 'number' ? rating : words[rating];

/** What a mark says: right from 4 on unless it was called useless, wrong to 2 or when it was, else nothing. */
export function leaning({ rating, was_helpful }: Pick<Rating, 'rating' | 'was_helpful'>): 'good' | 'bad' | 'neither' {
  if (was_helpful === false || rating <= 2) return 'bad';
  return rating >= 4 ? 'good' : 'neither';
}

/**
 * The outcome that a mark stands for. A lukewarm one has none, nor has one about a forecast, which has no diagnosis to be right
 * about. Of a recommendation, what it is thought of is no trial: only who says whether it helped has seen it done.
 */
export function outcomeOf(rating: Rating): Feedback['outcome'] | undefined {
  if (rating.feedback_type === 'prediction_accuracy') return undefined;
  if (rating.feedback_type === 'recommendation_usefulness')
    return rating.was_helpful === null ? undefined : rating.was_helpful ? 'verified' : 'failed';
  const side = leaning(rating);
  return side === 'neither' ? undefined : side === 'good' ? 'confirmed' : 'wrong';
}

const seedNames: Record<string, Category> = {
  oomkiller: 'oom_killed',
  cputhrottling: 'cpu_throttling',
  diskpressure: 'node_disk_pressure_eviction',
  networkerror: 'dependency_unreachable',
  configerror: 'missing_env_var',
  imagepullerror: 'image_pull_failure',
  volumeerror: 'volume_mount_failed',
  dependencyerror: 'dependency_unreachable',
  resourcelimit: 'unschedulable_insufficient_resource',
};

/** The cause that a person names: one of the list, or one of the ten names of the public system; else it stays words. */
export const causeNamed = (name: string | null): Category | null =>
  Category.safeParse(name).data ?? own(seedNames, name?.toLowerCase() ?? '') ?? null;
