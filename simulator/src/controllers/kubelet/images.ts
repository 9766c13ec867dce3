import type { Container } from '../types.ts';

/** The images that no registry has. */
export type MissingImages = {
  add(imageOrTag: string): void;
  delete(imageOrTag: string): void;
  has(image: string): boolean;
};

/** Images given by full name, by `:tag` or by the start of a name; a tag that says it does not exist is believed. */
export function createMissingImages(): MissingImages {
  const missing = new Set<string>();
  return Object.freeze({
    add: (imageOrTag: string) => void missing.add(imageOrTag),
    delete: (imageOrTag: string) => void missing.delete(imageOrTag),
    has: (image: string) =>
      image.includes('does-not-exist') ||
      [...missing].some((entry) => image === entry || (entry.startsWith(':') && image.endsWith(entry))),
  });
}

/** An image name in full, as the container runtime writes it. */
export function fullImageName(image: string): string {
  const [first = '', ...rest] = image.split('/');
  const named = /:[^/]+$|@/.test(image) ? image : `${image}:latest`;
  if (rest.length === 0) return `docker.io/library/${named}`;
  return /[.:]|^localhost$/.test(first) ? named : `docker.io/${named}`;
}

/** What the container runtime answers when the registry has no such image. */
export function pullFailure(image: string): string {
  const name = fullImageName(image);
  return `rpc error: code = NotFound desc = failed to pull and unpack image "${name}": failed to resolve reference "${name}": ${name}: not found`;
}

/** A plausible size of an image, always the same for the same image. */
export const imageBytes = (image: string): number =>
  20_000_000 + [...image].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 9_973, 7) * 9_000;

/** Whether the kubelet asks the registry although the image is on the node. */
export const pullsAlways = ({ image, imagePullPolicy }: Container): boolean =>
  (imagePullPolicy ?? (/:latest$/.test(image) || !/:[^/]+$|@/.test(image) ? 'Always' : 'IfNotPresent')) === 'Always';
