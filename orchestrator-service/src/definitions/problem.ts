/** What is wrong, and where: the path of the field inside the document. */
export type Problem = { path: PropertyKey[]; message: string };
