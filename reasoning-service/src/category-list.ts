import { Category } from '@aetherius/shared/contracts';

/** All categories on one line, for the documentation. */
process.stdout.write(`${Category.options.map((name) => `\`${name}\``).join(', ')}.\n`);
