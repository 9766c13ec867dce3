/** Names that are resolved on this machine or in this cluster: what is sent to them crosses no foreign network. */
const near = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\]|[a-z0-9-]+|[a-z0-9.-]+\.svc(\.cluster\.local)?)$/i;

/** Whether paths can be put behind an address: one with a query, a fragment or a user in it would come apart. */
export function isBaseUrl(text: string): boolean {
  const { search, hash, username, password } = URL.parse(text) ?? {};
  return [search, hash, username, password].every((part) => part === '') && !/[?#]$/.test(text);
}

/**
 * Whether a one-time token may be sent there, and an address of the bus be believed from there.
 * Whoever could read or change the answer in between would hand the agent a bus of their own, and with it commands.
 */
export function isSafeUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname } = new URL(text);
  return protocol === 'https:' || (protocol === 'http:' && near.test(hostname));
}
