/** One thing that the test of the real cluster looks at; without problems it passed. */
export type Check = { name: string; problems: string[] };
