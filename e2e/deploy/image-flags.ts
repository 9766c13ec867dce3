import { parseArgs } from 'node:util';
import { type Way, ways } from '../src/images/images-of.ts';

export const usage = `usage: npm run images [-- FLAGS]
Builds our images and prints the size of each.
  --list           prints the names of all images that an installation runs, and builds nothing
  --save FILE      puts them all into one archive, for "docker load", "ctr images import" or "kind load image-archive"
  --push REGISTRY  puts them all into a registry, where the charts find them with global.imageRegistry=REGISTRY,
                   and prints their digests as the values that an upgrade takes
  --for WAY        charts (the default) or compose: whose images
  --own            ours alone; the public ones are there already`;

/** What is to become of the images. */
export type Wanted = {
  way: Way;
  own: boolean;
  list: boolean;
  save?: string | undefined;
  push?: string | undefined;
};

const place =
  /^(?:localhost|[a-z0-9-]+(?:\.[a-z0-9-]+)+|[a-z0-9-]+(?=:))(?::\d+)?(?:\/[a-z0-9]+(?:[._-]+[a-z0-9]+)*)*$/;

/** What the command line asks for, help with it; throws with the flag that does not fit. */
export function readImageFlags(args: readonly string[]): Wanted | 'help' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      list: { type: 'boolean', default: false },
      own: { type: 'boolean', default: false },
      save: { type: 'string' },
      push: { type: 'string' },
      for: { type: 'string', default: 'charts' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return 'help';
  const { list, own, save, push } = values;
  const way = ways.find((known) => known === values.for);
  if (way === undefined) throw new Error(`--for ${values.for}: it is ${ways.join(' or ')}`);
  if (save === '') throw new Error('--save: the name of a file is needed');
  if (push !== undefined && !place.test(push))
    throw new Error(`--push ${push}: a host in small letters is needed, such as registry.example.com:5000`);
  if (push !== undefined && way === 'compose')
    throw new Error('--push: compose takes our images from its own engine alone; --save FILE, and docker load');
  return { way, own, list, save, push };
}
