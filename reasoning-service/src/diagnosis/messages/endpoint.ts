import { addressIn } from './signatures/host.ts';

/** Whom a program called, as its words tell it: `ip` where they say at which address the name was found. */
export type Endpoint = { host: string; port: string | undefined; ip: string | undefined };

const NAME = '[a-z0-9](?:[\\w.-]{0,251}[a-z0-9])?';
const IP = '\\d{1,3}(?:\\.\\d{1,3}){3}';
/** Between a word and its value, as settings, objects and sentences write it. */
const IS = '["\']?\\s{0,2}[=:]\\s{0,2}["\']?';
const NEXT = '["\']?[\\s,;)(}{]{1,4}["\']?';

const form = (source: string): RegExp => new RegExp(source, 'gi');

/** Host and port where clients write them apart, or a name and its address beside each other; the most certain first. */
const apart: readonly RegExp[] = [
  // libpq, new and old.
  form(`server at "(?<host>[^"\\s]{1,253})"(?: \\((?<ip>${IP})\\))?, port (?<port>\\d{1,5})`),
  form(
    `on host "(?<host>[^"\\s]{1,253})"(?: \\((?<ip>${IP})\\))? and accepting\\s{1,20}TCP/IP connections on port (?<port>\\d{1,5})`,
  ),
  // What Java prints of an address that it resolved, and pgx.
  form(`(?<![\\w./-])(?<host>${NAME})/(?<ip>${IP}):(?<port>\\d{1,5})\\b`),
  form(`(?<![\\d.])(?<ip>${IP}):(?<port>\\d{1,5}) \\((?<host>${NAME})\\)`),
  form(`\\bhost=(?<host>${NAME}) [^\`\\n]{0,120}\`: [^\\n]{0,40}\\(dial tcp (?<ip>${IP}):(?<port>\\d{1,5})`),
  // A pair of Python, and settings of all kinds.
  form(`\\('(?<host>${NAME})', (?<port>\\d{1,5})\\)`),
  form(`\\b(?:host|address|addr)${IS}(?<host>${NAME})${NEXT}port${IS}(?<port>\\d{2,5})\\b`),
  form(`\\bport${IS}(?<port>\\d{2,5})${NEXT}(?:host|address|addr)${IS}(?<host>${NAME})`),
  form(`["'](?<host>${NAME})["'],? (?:on |at )?port (?<port>\\d{2,5})\\b`),
];
const together: readonly RegExp[] = [
  // pymongo, and the driver of MongoDB for .NET.
  form(`(?<![\\w.:@/-])(?<host>${NAME}):(?<port>\\d{2,5}): (?:\\[Errno|timed out)`),
  form(`\\bUnspecified/(?<host>${NAME}):(?<port>\\d{2,5})\\b`),
  // An address, or a URL around one.
  form(
    `\\b[a-z][a-z0-9+]{1,20}://(?:[^\\s/@"']{1,120}@)?(?<host>${NAME})(?::(?<port>\\d{1,5}))?(?=[/"'\\s\\])>,;?]|$)`,
  ),
  form(`->(?<host>${IP}):(?<port>\\d{1,5})\\b`),
  form(`(?<![\\w.:@/>-])(?<host>${IP}):(?<port>\\d{2,5})(?!:|\\d|->)`),
];

const hasOne = /\bport\b|:\/\/|:\d|', \d/i;
/** Everybody has one of his own at these. */
const atHome = /^(?:localhost|127\.|0\.0\.0\.0$|::1)/i;

function firstOf(patterns: readonly RegExp[], text: string): Endpoint | undefined {
  if (!hasOne.test(text)) return undefined;
  for (const pattern of patterns) {
    for (const { groups: { host = '', port, ip } = {} } of text.matchAll(pattern))
      if (host !== '' && !atHome.test(host)) return { host, port, ip };
  }
  return undefined;
}

/** The endpoint of another machine that a text names as host and port apart, which nothing but an address is. */
export const endpointApart = (text: string): Endpoint | undefined => firstOf(apart, text);

/** The first endpoint of another machine that a text names. */
export function endpointIn(text: string): Endpoint | undefined {
  const found = endpointApart(text) ?? firstOf(together, text);
  const [host, port] = found === undefined ? addressIn(text).split(':') : [];
  return found ?? (host === undefined || host === '' ? undefined : { host, port, ip: undefined });
}

/** Whom a text names, written as an address. */
export const spelled = ({ host, port }: Endpoint): string => (port === undefined ? host : `${host}:${port}`);
