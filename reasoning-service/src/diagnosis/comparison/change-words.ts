import type { BundleChange } from '@aetherius/shared/contracts';

/** What a rollout changed, in words: `env[MODE]: fast -> quick`. */
export const inWords = (change: BundleChange): string =>
  change.fields
    .slice(0, 4)
    .map(
      ({ path, before, after }) =>
        `${path.replace(/^spec\.template\.spec\./, '')}: ${before ?? 'unset'} -> ${after ?? 'unset'}`,
    )
    .join('; ');
