/** A kubelet's own certificate, as it says itself. */
const own = /\bclient certificate\b.{0,160}\bis expired\b/i;
/** What any client says of an expired certificate; only of the API server it is the cluster's own. */
const expired = /x509: certificate has expired|tls: expired certificate/i;
const ofApiServer = /reflector|node lease|register node|api ?server|:6443\b|updating node status|getting node/i;
/** Registries, webhooks and what a probe asks have certificates as well. */
const ofOthers = /\bimage\b|\bpull|registry|webhook|\bprobe/i;

/** Whether a line of a kubelet says that the certificate between it and the API server has run out. */
export const saysKubeletCertificate = (text: string): boolean =>
  own.test(text) || (expired.test(text) && ofApiServer.test(text) && !ofOthers.test(text));
