/** A file that is made from something else in the repository, and compared with it by `npm run verify`. */
export type GeneratedDocument = { file: string; text: string };
