/** Which variable has the address, and what to do about the authority where it does not come from the process's own trust. */
type Place = { variable: string; authority?: string | undefined };

const unknownAuthority = ({ authority }: Place): string =>
  authority ??
  'add the authority that signed it to the file of NODE_EXTRA_CA_CERTS (in the charts trust.caSecret), which is read at the start';

/** What helps, by the code of what a client has against a certificate. */
const waysOut = new Map<string, (place: Place) => string>(
  Object.entries({
    UNABLE_TO_VERIFY_LEAF_SIGNATURE: unknownAuthority,
    UNABLE_TO_GET_ISSUER_CERT: unknownAuthority,
    UNABLE_TO_GET_ISSUER_CERT_LOCALLY: unknownAuthority,
    DEPTH_ZERO_SELF_SIGNED_CERT: unknownAuthority,
    SELF_SIGNED_CERT_IN_CHAIN: unknownAuthority,
    // The authority that is trusted has the right name and another key: it was made anew.
    CERT_SIGNATURE_FAILURE: unknownAuthority,
    ERR_TLS_CERT_ALTNAME_INVALID: ({ variable }) =>
      `set ${variable} to a name that its certificate has, or give it a certificate with this name`,
    CERT_HAS_EXPIRED: () => 'renew the certificate of the server, and restart it',
    CERT_NOT_YET_VALID: () => 'set the clocks of both machines right',
  }),
);

/** Why a server's certificate was not taken, and what helps; undefined where something else went wrong. */
export function certificateProblem(cause: unknown, place: Place): { reason: string; way_out: string } | undefined {
  const { code = '', message = '' } = (cause ?? {}) as { code?: string; message?: string };
  const wayOut = waysOut.get(code);
  if (wayOut === undefined) return undefined;
  // Node's own hint is a flag that nobody starts a service with.
  return { reason: message.replace(/; if the root CA is installed locally.*/, ''), way_out: wayOut(place) };
}
