/** Ends of names that are files of a program and no hosts. */
const file =
  '(?:[cm]?[jt]sx?|json|ya?ml|toml|xml|css|s[ac]ss|less|html?|vue|svelte|py|rb|go|rs|java|kt|php|cs|sh|sql|md|txt|lock|so|dll|jar|proto)';

/**
 * Source of a pattern for what can only be a host: a URL, an address, a name with a port, or a name of several parts. A bare word
 * may be anything.
 */
export const HOST = `[a-z][a-z0-9+]{1,20}:\\/\\/[\\w.-]{1,253}(?::\\d{1,5})?|[\\w-]{1,63}(?:\\.[\\w-]{1,63}){0,8}:\\d{1,5}|\\d{1,3}(?:\\.\\d{1,3}){3}|(?![\\w.-]{1,253}\\.${file}(?![\\w.-]))[a-z0-9][\\w-]{0,62}(?:\\.[a-z0-9][\\w-]{0,62}){1,8}`;

const address = new RegExp(
  `(?<![\\w./@-])(?![\\w.-]{1,253}\\.${file}:)(?=[\\w-]*[a-z])[a-z0-9][\\w-]{0,62}(?:\\.[\\w-]{1,63}){1,8}:\\d{2,5}(?![\\w:]|\\.\\w)`,
  'gi',
);

/** Where a line of a program's source stands; some of these endings are of hosts as well, which have more parts then. */
const sourceLine = new RegExp(
  `^(?:[\\w./-]{0,200}\\.${file}:\\d{1,6}|[\\w/-]{1,200}\\.(?:[chm]|cc|cpp|cxx|hh|hpp|exs?|erl|swift|scala|clj|hs|lua|dart|zig|groovy):(?!(?:80|443)$)\\d{1,6})$`,
);
export const isSourceLine = (text: string): boolean => sourceLine.test(text);

/** The first name of several parts with a port in a text, or an empty one. */
export const addressIn = (text: string): string =>
  [...text.matchAll(address)].map(([found]) => found).find((found) => !isSourceLine(found)) ?? '';
