import type { Category } from '@aetherius/shared/contracts';
import { anyOf } from './any-of.ts';

/** `ofRegistry`, what is the matter, where the answer is about the way to the registry, whatever image is asked for. */
export type PullAnswer = {
  category: Category;
  words: string;
  ofRegistry?: 'no_name' | 'untrusted' | 'unreached' | 'plain_http';
};

const heads = anyOf(
  /^Failed to pull image/,
  /^Error: (?:ErrImagePull|ImagePullBackOff|InvalidImageName|ErrImageNeverPull|RegistryUnavailable|SignatureValidationFailed)/,
  /^Back-off pulling image|^Failed to apply default image tag|^Failed to inspect image/,
  /^Container image "[^"]{1,500}" is not present with pull policy of Never/,
);

/** Whether an event's words are about an image that does not come. */
export const isPullProblem = (message: string): boolean => heads.test(message);

/** The image that a pull message is about. */
export const imageIn = (message: string): string | undefined => /image(?: tag)? "([^"]{1,500})"/.exec(message)?.[1];

/** The registry that an image is of: the part before the first stroke where that can be a host. */
export function registryOf(image: string): string {
  const [first = '', ...rest] = image.split('/');
  return (rest.length > 0 && /[.:]|^localhost$/.test(first) ? first : 'docker.io').toLowerCase();
}

/** What the registry or the way to it answers, most telling first: a missing name must not pass for a missing image. */
const answers: readonly (PullAnswer & { pattern: RegExp })[] = [
  {
    pattern: /no space left on device|disk quota exceeded/i,
    category: 'node_disk_pressure_eviction',
    words: 'no space is left for it on the disk of its node (imagefs)',
  },
  {
    pattern: /toomanyrequests|rate limit|429 too many|pull QPS exceeded/i,
    category: 'image_pull_rate_limit',
    words: 'the registry limits the rate',
  },
  {
    pattern: /InvalidImageName|invalid reference format|couldn't parse image|repository name must be lowercase/i,
    category: 'image_pull_failure',
    words: 'its name is not valid',
  },
  {
    pattern: /ErrImageNeverPull|pull policy of Never/i,
    category: 'image_pull_failure',
    words: 'it is not on the node and the pull policy is Never',
  },
  {
    pattern: /SignatureValidationFailed|signature.{0,80}(?:invalid|rejected|required)|rejected by policy/i,
    category: 'image_pull_failure',
    words: 'its signature is not accepted',
  },
  {
    pattern: /no such host|server misbehaving|name resolution|lookup \S{1,253} on \S{1,80}:/i,
    category: 'dns_failure',
    words: "the registry's name does not resolve",
    ofRegistry: 'no_name',
  },
  {
    pattern: /x509:|certificate (?:has expired|signed by unknown|verify failed)|tls: failed to verify/i,
    category: 'tls_certificate_expired',
    words: "the registry's certificate is not accepted",
    ofRegistry: 'untrusted',
  },
  {
    pattern: /server gave HTTP response to HTTPS client|tls: first record does not look like a TLS handshake/i,
    category: 'image_pull_failure',
    words: 'the registry answers, but in plain HTTP where the node speaks HTTPS',
    ofRegistry: 'plain_http',
  },
  {
    pattern:
      /unauthorized|authentication required|authorization failed|no basic auth|pull access denied|insufficient_scope|401 |403 forbidden|denied: |status(?: code)?:? 40[13]|access forbidden/i,
    category: 'image_pull_unauthorized',
    words: 'the registry wants other credentials',
  },
  {
    pattern: /no match for platform|no matching manifest/i,
    category: 'image_pull_failure',
    words: "there is none for the node's platform",
  },
  {
    pattern: /not found|manifest unknown|does not exist|404/i,
    category: 'image_pull_failure',
    words: 'the registry does not have it',
  },
  {
    pattern:
      /i\/o timeout|connection refused|dial tcp|deadline exceeded|RegistryUnavailable|TLS handshake timeout|connection reset|50[234] |EOF/i,
    category: 'image_pull_failure',
    words: 'the registry cannot be reached',
    ofRegistry: 'unreached',
  },
];

const officialUnknown: PullAnswer & { pattern: RegExp } = {
  pattern: /repository does not exist or may require/i,
  category: 'image_pull_failure',
  words: 'the registry does not have it',
};

/**
 * Why an image cannot be pulled, from the runtime's words.
 * containerd's "pull access denied, repository does not exist or may require authorization" counts as unauthorized, except on
 * Docker Hub's library, which has no private images: there the image does not exist.
 */
function answerIn(said: string) {
  const isOfficial = /docker\.io\/library\//.test(said) && officialUnknown.pattern.test(said);
  return isOfficial ? officialUnknown : answers.find(({ pattern }) => pattern.test(said));
}

export const parsePull = (said: string): PullAnswer | undefined => answerIn(said);

/** As much of a piece of evidence is printed. */
const MOST = 280;
/** The sentence goes on a little behind the words by which it is known. */
const BEHIND = 80;

/** As much of a long message as is read, with the words in it that say why the image does not come. */
export function tellingPart(said: string): string {
  const found = answerIn(said)?.pattern.exec(said);
  const end = found === null || found === undefined ? 0 : found.index + found[0].length + BEHIND;
  if (Math.min(end, said.length) <= MOST) return said.slice(0, 500);
  const part = said.slice(0, end).slice(-MOST);
  return part.slice(/^.{1,100}?: /.exec(part)?.[0].length ?? 0);
}
