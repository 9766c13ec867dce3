const SCHEME = /^postgres(ql)?:\/\//;
const sslModes = ['disable', 'prefer', 'require', 'verify-ca', 'verify-full', 'no-verify'];

/** As the client reads it: the host may be missing where a parameter names a folder with the socket. */
export const readAddress = (text: string): URL | null => URL.parse(text) ?? URL.parse(text.replace('@/', '@socket/'));

const ESCAPE = 'escape the password (percent-encoding: %2F for /, %3F for ?, %23 for #, %40 for @, %25 for %)';

/** What is wrong with the address of a database, without a word of its password; undefined for one that can be used. */
export function addressProblem(text: string): string | undefined {
  // An example with a password in it would be taken for a secret, and masked.
  if (!SCHEME.test(text))
    return 'must be a postgres:// address such as postgres://USER@HOST:5432/DATABASE, the password behind USER and a colon';
  const host = hostProblem(text);
  if (host !== undefined) return host;
  const address = readAddress(text);
  if (address === null) return text.includes('@') ? `cannot be read: ${ESCAPE}` : 'cannot be read as an address';
  if (isTorn(address)) return `the user or the password ends at a / ? or #: ${ESCAPE}`;
  if (!isDecodable(address.username) || !isDecodable(address.password)) return `cannot be decoded: ${ESCAPE}`;
  const mode = address.searchParams.get('sslmode');
  if (mode !== null && !sslModes.includes(mode)) return `sslmode must be one of ${sslModes.join(', ')}`;
  return undefined;
}

/** What is wrong behind the user and the password; nothing of it is repeated, for a password may have slipped there. */
function hostProblem(text: string): string | undefined {
  const [, authority = '', rest = ''] = /^[a-z]+:\/\/([^/?#]*)(.*)$/is.exec(text) ?? [];
  // Then a password broke off, and what stands here is no host.
  if (!authority.includes('@') && rest.includes('@')) return undefined;
  const host = authority.slice(authority.lastIndexOf('@') + 1);
  if (host.includes(',')) return 'names several hosts: name one, the primary or what leads to it';
  const [, port] = /:([^:\]]+)$/.exec(host) ?? [];
  if (port !== undefined && !(/^\d+$/.test(port) && Number(port) <= 65_535))
    return 'the port must be a number of at most 65535';
  return undefined;
}

/** With the mode that the client takes `require` and the like for anyway: it would warn of that on every start, in six lines beside the log. */
export const withPlainMode = (text: string): string =>
  /[?&]uselibpqcompat=true/.test(text)
    ? text
    : text.replace(/([?&]sslmode=)(?:prefer|require|verify-ca)(?=[&#]|$)/, '$1verify-full');

/** What should be before the host came to stand behind it. */
const isTorn = ({ pathname, search, hash }: URL): boolean =>
  pathname.includes('@') || hash.includes('@') || /^\?[^=&]*@/.test(search);

/** The client takes a % that begins no code for itself, but not a code that is no UTF-8. */
function isDecodable(text: string): boolean {
  if (/%(?![0-9a-f]{2})/i.test(text)) return true;
  try {
    return typeof decodeURIComponent(text) === 'string';
  } catch {
    return false;
  }
}

/** For who writes an address down: `user:@host` is what an unset variable makes of `user:$PASSWORD@host`. */
export const hasEmptyPassword = (text: string): boolean => /^[a-z]+:\/\/[^/?#@]*:@/i.test(text);
