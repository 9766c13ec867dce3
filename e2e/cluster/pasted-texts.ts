import type { Kubectl, KubeObject } from './kubectl.ts';
import type { Form } from './library-faults.ts';

/** One text, called as a person would call its file. */
export type Text = { name: string; text: string };

const KINDS =
  'pods,deployments,replicasets,statefulsets,daemonsets,jobs,cronjobs,services,endpointslices,persistentvolumeclaims,horizontalpodautoscalers,ingresses,poddisruptionbudgets,resourcequotas,limitranges';
const CLUSTER_KINDS = 'storageclasses,ingressclasses';
const LOG_LINES = '--tail=40';
const MAX_PODS = 2;

/** What a person would paste of a namespace, in kubectl's own words: manifests, descriptions or tables, and logs beside. */
export async function pastedTexts(kubectl: Kubectl, namespace: string, form: Form): Promise<Text[]> {
  const here = ['-n', namespace];
  const run = (...args: string[]) => kubectl.run([...here, ...args]);
  if (form === 'yaml')
    return [
      { name: 'objects.yaml', text: await run('get', `${KINDS},events`, '-o', 'yaml') },
      { name: 'classes.yaml', text: await run('get', CLUSTER_KINDS, '-o', 'yaml') },
    ];
  const logs = await logsOf(kubectl, namespace);
  if (form === 'describe') return [{ name: 'described.txt', text: await run('describe', KINDS) }, ...logs];
  return [
    { name: 'all.txt', text: await run('get', KINDS) },
    { name: 'events.txt', text: await run('get', 'events', '--sort-by=.lastTimestamp') },
    ...logs,
  ];
}

async function logsOf(kubectl: Kubectl, namespace: string): Promise<Text[]> {
  const pods = (await kubectl.list('pods', namespace)).slice(0, MAX_PODS);
  const logs = await Promise.all(
    pods.flatMap((pod) =>
      containersOf(pod).flatMap((container) =>
        [[], ['--previous']].map(async (previous) => ({
          name: `${namespace}_${pod.metadata.name}_${container}${previous.length === 0 ? '' : '_previous'}.log`,
          text: await kubectl
            .run(['-n', namespace, 'logs', pod.metadata.name, '-c', container, LOG_LINES, ...previous])
            .catch(() => ''),
        })),
      ),
    ),
  );
  return logs.filter(({ text }) => text.trim() !== '');
}

function containersOf({ spec }: KubeObject): string[] {
  const { initContainers = [], containers = [] } = (spec ?? {}) as Record<string, { name: string }[]>;
  return [...initContainers, ...containers].map(({ name }) => name);
}
