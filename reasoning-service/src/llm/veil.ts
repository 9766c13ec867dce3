import type { Bundle, Diagnosis } from '@aetherius/shared/contracts';
import { type Name, namesIn } from './names.ts';
import { asTokens, createMask, SECRET, secretValues } from './secrets.ts';

declare const hidden: unique symbol;
/** Text without secrets and names; only a veil makes it. */
export type Hidden = string & { readonly [hidden]: true };

/** The one door through which text of a cluster leaves for a model, and comes back. */
export type Veil = {
  /** Secrets out of a text, for good: before anything is cut, since half a secret has no shape. */
  mask(text: string): string;
  /** Secrets out, names as tokens such as `<POD_1>`, and no other angle bracket. */
  hide(text: string): Hidden;
  /** Names back in place of their tokens. */
  reveal(text: string): string;
  /** Tokens in a text that this veil never gave out. */
  strangers(text: string): string[];
};

const email = /[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+/g;
const ipv4 = /(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.]*\d)/g;
/** Each group ends with its colon: without that a long number in hexadecimal could be divided in exponentially many ways. */
const colons = /(?<![\w:])(?:[0-9a-f]{0,4}:){2,8}[0-9a-f]{0,4}(?![\w:]|\.\d)/gi;
const uid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi;
/** What follows an index, as in `spec.containers[0].image`, goes on with a path into an object. */
const domain =
  /(?<![\w-]|\w\.|\b(?:spec|status)[\w.[\]]{0,200}\]\.)(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9](?![\w-])/gi;

/** A host without a domain, told by the port behind it. */
const hostWithPort = /(?<![\w.-])[a-z][a-z0-9-]*[a-z0-9](?=:\d{2,5}(?![\d:]))/g;

const fileEnding =
  /\.(py|go|js|mjs|cjs|ts|java|kt|rb|rs|php|cs|c|h|cpp|so|jar|conf|cfg|ini|ya?ml|json|xml|properties|log|txt|sh|sock|pem|crt|key|html?|md)$/i;
/** Paths into objects, API groups and code are not hosts, and the model needs them to understand the rest. */
const notHosts =
  /^(spec|status|metadata|data|type|template|labels|annotations|fields)\.|(^|\.)(k8s|kubernetes)\.io$|^(java|javax|org|com|io)\.[a-z]+\.[A-Za-z.]+(Exception|Error)$/;
const isHost = (text: string): boolean => !fileEnding.test(text) && !notHosts.test(text);
const loopback = new Set(['127.0.0.1', '0.0.0.0', '::1', '::']);
/** An address of IPv6 or of a network card; three groups are the time of day. */
const isAddress = (text: string): boolean => !loopback.has(text) && (text.includes('::') || text.split(':').length > 3);

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
const tokens = /<?\b([A-Z]+_\d+)\b>?/g;

/** A veil over one bundle: the same name always gets the same token, numbered in the order of first use. */
export function createVeil(bundle: Bundle, diagnosis: Diagnosis): Veil {
  const mask = createMask(secretValues(bundle));
  const clean = (name: Name): Name => ({ ...name, text: defused(mask(name.text)) });
  const register = createRegister();
  const labels = new Map(
    namesIn(bundle, diagnosis)
      .map(clean)
      // A name that is masked is never seen again; the mask itself must not become a name, or each secret would be called by it.
      .filter(({ text }) => asTokens(text) === text)
      .map(({ text, label }) => [text, label]),
  );
  const names = patternOf([...labels.keys()]);
  const steps: readonly ((text: string) => string)[] = [
    (text) => text.replace(email, (match) => register.tokenOf(match, 'EMAIL')),
    (text) =>
      names === undefined ? text : text.replace(names, (match) => register.tokenOf(match, labels.get(match) ?? 'NAME')),
    (text) => text.replace(uid, (match) => register.tokenOf(match, 'UID')),
    (text) => text.replace(colons, (match) => (isAddress(match) ? register.tokenOf(match, 'IP') : match)),
    (text) => text.replace(ipv4, (match) => (loopback.has(match) ? match : register.tokenOf(match, 'IP'))),
    (text) => text.replace(domain, (match) => (isHost(match) ? register.tokenOf(match, 'HOST') : match)),
    (text) => text.replace(hostWithPort, (match) => (match === 'localhost' ? match : register.tokenOf(match, 'HOST'))),
  ];
  const tokenise = (text: string) => steps.reduce(outsideTokens, text);
  return {
    mask,
    hide: (text) => asTokens(tokenise(defused(mask(text)))) as Hidden,
    reveal: (text) =>
      text.replaceAll(SECRET, '[redacted]').replace(tokens, (match, token: string) => register.nameOf(token) ?? match),
    strangers: (text) =>
      [...text.matchAll(tokens)]
        .map(([match, token = '']) => ({ match, token }))
        .filter(
          ({ match, token }) => register.nameOf(token) === undefined && (match.includes('<') || register.knows(token)),
        )
        .map(({ match }) => match),
  };
}

/** Hostile text cannot close our delimiters or forge a token without angle brackets. */
const defused = (text: string): string => text.replaceAll('<', '‹').replaceAll('>', '›');

/** A step must not find a name inside the token that a step before has put there. */
const outsideTokens = (text: string, step: (part: string) => string): string =>
  text
    .split(/(<[A-Z]+_\d+>)/)
    .map((part, index) => (index % 2 === 1 ? part : step(part)))
    .join('');

function patternOf(names: readonly string[]): RegExp | undefined {
  if (names.length === 0) return undefined;
  const longestFirst = [...names].sort((a, b) => b.length - a.length).map(escaped);
  return new RegExp(`(?<![A-Za-z0-9])(?:${longestFirst.join('|')})(?![A-Za-z0-9])`, 'g');
}

function createRegister() {
  const byName = new Map<string, string>();
  const byToken = new Map<string, string>();
  const counts = new Map<string, number>();
  return {
    tokenOf: (name: string, label: string): string => {
      const known = byName.get(name);
      if (known !== undefined) return `<${known}>`;
      const count = (counts.get(label) ?? 0) + 1;
      counts.set(label, count);
      byName.set(name, `${label}_${count}`);
      byToken.set(`${label}_${count}`, name);
      return `<${label}_${count}>`;
    },
    nameOf: (token: string): string | undefined => byToken.get(token),
    /** Of a label that is in use: `POD_9` where only `POD_1` exists is an invention, `ERR_2` of a log is not. */
    knows: (token: string): boolean => counts.has(token.replace(/_\d+$/, '')),
  };
}
