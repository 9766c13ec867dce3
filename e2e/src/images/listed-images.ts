import { parse } from 'yaml';

/** An image that an installation runs, under the name by which it is asked for when nobody says otherwise. */
export type ListedImage = {
  name: string;
  /** The same without its registry: what `global.imageRegistry` is put before. */
  place: string;
  /** The target of our Dockerfile, of our own images. */
  target?: string;
  /** What names another: the value of a chart, or the variable of compose. */
  named: string;
  /** What has to be switched on for it, where it is not always there. */
  needs?: string;
};

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const ownTarget = (place: string): string | undefined => /^aetherius\/([\w-]+):/.exec(place)?.[1];

/** The switch of a part of the control plane that is not always there. */
const switches: [beginning: string, value: string][] = [
  ['nats.bundled.', 'nats.bundled.enabled'],
  ['postgres.bundled.', 'postgres.bundled.enabled'],
  ['backup.', 'backup.schedule'],
];

/** The images that a chart's values name, wherever among them. */
export function chartImages(values: string, appVersion: string): ListedImage[] {
  const walk = (value: unknown, path: string): ListedImage[] => {
    if (!isMap(value)) return [];
    const { registry, repository, tag } = value;
    if (typeof repository !== 'string')
      return Object.entries(value).flatMap(([key, inner]) => walk(inner, path === '' ? key : `${path}.${key}`));
    const place = `${repository}:${tag === '' ? appVersion : String(tag)}`;
    const target = ownTarget(place);
    const needs = switches.find(([beginning]) => path.startsWith(beginning))?.[1];
    return [
      {
        name: `${String(registry)}/${place}`,
        place,
        named: path,
        ...(target === undefined ? {} : { target }),
        ...(needs === undefined ? {} : { needs }),
      },
    ];
  };
  return walk(parse(values), '');
}

type Service = { image?: string; profiles?: string[] };

/** The images that the services of a compose file name, each once, as they are when no variable says otherwise. */
export function composeImages(text: string): ListedImage[] {
  const { services = {} } = parse(text, { merge: true }) as { services?: Record<string, Service> };
  const found = Object.values(services).map(({ image = '', profiles: [profile] = [] }): ListedImage => {
    const place = image.replace(/\$\{\w+:-([^}]*)\}/g, '$1');
    const target = ownTarget(place);
    return {
      name: place,
      place,
      named: /\$\{(\w+)/.exec(image)?.[1] ?? '',
      ...(target === undefined ? {} : { target }),
      ...(profile === undefined ? {} : { needs: `--profile ${profile}` }),
    };
  });
  return firstOfEach(found);
}

/** Each image once; the first to name it is the one that needs least. */
export const firstOfEach = (images: readonly ListedImage[]): ListedImage[] =>
  images.filter(({ name }, at) => images.findIndex((one) => one.name === name) === at);
