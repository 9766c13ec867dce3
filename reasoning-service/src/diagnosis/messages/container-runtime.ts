/** The kubelet's word that the container runtime does not answer: it starts and ends no pod until it does. */
const down =
  /\bPLEG is not healthy: pleg was last seen active\b|\bcontainer runtime is down\b|"Container runtime sanity check failed"/;
/** What it says in its first seconds as well, before it has asked. */
const notYet = /\bcontainer runtime status check may not have completed yet\b|\bpleg has yet to be successful\b/;

export type RuntimeProblem = 'down' | 'not_yet';

/** What a line of a kubelet tells of its container runtime; undefined for any other line. */
export const runtimeProblem = (message: string): RuntimeProblem | undefined =>
  down.test(message) ? 'down' : notYet.test(message) ? 'not_yet' : undefined;

/** The reason of the event that stands for such a line; the kubelet makes none of its own of it. */
export const RUNTIME_DOWN = 'ContainerRuntimeDown';
