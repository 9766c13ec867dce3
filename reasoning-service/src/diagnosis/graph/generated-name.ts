/** The letters that Kubernetes makes random names from: no vowels, and no digits that look like letters. */
const random = '[bcdfghjklmnpqrstvwxz2456789]';
/** As people change them who copy a name by hand: other letters, but as long as a real one and with figures among them. */
const copied = '(?=[a-z]*\\d)(?=\\d*[a-z])[a-z0-9]{8,10}';
const hash = `(?:${random}{5,10}|${copied})`;
const madeByReplicaSet = new RegExp(
  `^(.+-(?:${random}{5,10}(?=-${random}{5}$)|${copied}(?=-[a-z0-9]{5}$)))-[a-z0-9]{5}$`,
);
const madeByDeployment = new RegExp(`^(.+)-${hash}$`);
const madeByRun = /^(.+-\d{8})-[a-z0-9]{5}$/;
const madeByCronJob = /^(.+)-\d{8,10}$/;
const numbered = /^(.+)-\d{1,3}$/;
/** Five random letters alone may be a word, so there are a figure and a letter among them. */
const randomEnd = new RegExp(`[a-z0-9]-(?=[a-z]*\\d)(?=\\d*[a-z])${random}{5}$`);
/** Nobody pads the number of a pod, and a date ends in numbers as well. */
const counted = /[a-z0-9]-(?<!\b\d{4}-(?:\d{1,2}-)?)(?:0|[1-9]\d{0,2})$/;
const MOST_LETTERS = 253;

const stemOf = (pattern: RegExp, name: string): string | undefined =>
  name.length > MOST_LETTERS ? undefined : pattern.exec(name)?.[1];

/** The ReplicaSet that a pod's name tells. */
export const replicaSetOf = (pod: string): string | undefined => stemOf(madeByReplicaSet, pod);

/** The Deployment that a ReplicaSet's name tells. */
export const deploymentOf = (set: string): string | undefined => stemOf(madeByDeployment, set);

/** The Job that a pod's name tells where a CronJob made it: that puts the minute of the run into the name, eight digits until the year 2160. */
export const runOf = (pod: string): string | undefined => stemOf(madeByRun, pod);

/** The CronJob that a Job's name tells. */
export const cronJobOf = (job: string): string | undefined => stemOf(madeByCronJob, job);

/**
 * The stateful set that a pod's name tells where nothing else tells an owner: only those number their pods.
 * Static pods are named after their node, which may be numbered as well; they are in kube-system.
 */
export const statefulSetOf = ({ namespace, name }: { namespace: string | null; name: string }): string | undefined =>
  namespace === 'kube-system' ? undefined : stemOf(numbered, name);

/** Whether a name ends in letters that Kubernetes made up. */
export const hasRandomEnd = (name: string): boolean =>
  name.length <= MOST_LETTERS && (replicaSetOf(name) !== undefined || randomEnd.test(name));

/** Whether a name ends as those of a stateful set's pods do. */
export const isCounted = (name: string): boolean => name.length <= MOST_LETTERS && counted.test(name);
