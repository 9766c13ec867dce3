import { createHash } from 'node:crypto';
import { parse } from 'yaml';
import { z } from 'zod';

const Named = { name: z.string() };
const Kubeconfig = z.object({
  'current-context': z.string().default(''),
  contexts: z.array(z.object({ ...Named, context: z.object({ cluster: z.string() }) })),
  clusters: z.array(
    z.object({
      ...Named,
      cluster: z.object({
        server: z.url(),
        'certificate-authority-data': z.string().optional(),
        'certificate-authority': z.string().optional(),
      }),
    }),
  ),
});

/** The authority of a cluster's certificate as the kubeconfig gives it; without one the machine's own list is meant. */
export type Authority = { data: string } | { file: string } | undefined;
export type ChosenCluster = { context: string; server: string; ca: Authority };
type Problem = { problem: string; about: 'file' | 'context' };

/** The cluster that a context of this kubeconfig leads to, or what is wrong with the text. */
export function chosenCluster(text: string, context?: string): ChosenCluster | Problem {
  const read = readKubeconfig(text);
  if ('problem' in read) return read;
  const name = context ?? read['current-context'];
  if (name === '')
    return { problem: 'has no current context, so one must be chosen with --context NAME', about: 'context' };
  const entry = read.contexts.find((one) => one.name === name);
  if (entry === undefined) {
    const names = read.contexts.map((one) => one.name).join(', ');
    return { problem: `has no context "${name}"; it has ${names === '' ? 'none' : names}`, about: 'context' };
  }
  const target = read.clusters.find((one) => one.name === entry.context.cluster)?.cluster;
  if (target === undefined)
    return {
      problem: `has no cluster "${entry.context.cluster}", which its context "${name}" names`,
      about: 'context',
    };
  const { server, 'certificate-authority-data': data, 'certificate-authority': file } = target;
  return { context: name, server, ca: authority(data, file) };
}

function readKubeconfig(text: string): z.infer<typeof Kubeconfig> | Problem {
  try {
    const { data, error } = Kubeconfig.safeParse(parse(text));
    const issue = error?.issues[0];
    return (
      data ?? { problem: `is not a kubeconfig: ${[...(issue?.path ?? []), issue?.message].join(' ')}`, about: 'file' }
    );
  } catch (error) {
    return { problem: `is not YAML: ${error instanceof Error ? error.message.split('\n')[0] : error}`, about: 'file' };
  }
}

/** The data win over the file, as they do for kubectl. */
function authority(data: string | undefined, file: string | undefined): Authority {
  if (data) return { data: Buffer.from(data, 'base64').toString('utf8') };
  return file ? { file } : undefined;
}

/** A cluster is its address and its authority: two files may call theirs alike, and one cluster may have two names. */
export function clusterIdOf({ context, server, ca }: { context: string; server: string; ca: string }): string {
  const slug = context
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 50)
    .replace(/^-+|-+$/g, '');
  const hash = createHash('sha256')
    .update(JSON.stringify([server, ca.trim()]))
    .digest('hex')
    .slice(0, 10);
  return slug === '' ? hash : `${slug}-${hash}`;
}
