/** One pattern that finds what any of the given ones finds, tried in their order; groups are numbered through. Flags are those of the first. */
export const anyOf = (...[first, ...others]: readonly [RegExp, ...RegExp[]]): RegExp =>
  new RegExp([first, ...others].map(({ source }) => source).join('|'), first.flags);
