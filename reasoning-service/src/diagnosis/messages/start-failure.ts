/** Why the runtime could not start a container, in the words of runc, containerd, CRI-O and the kubelet. */
export type StartFailure = {
  why: 'not_found' | 'permission' | 'platform' | 'user' | 'hook' | 'directory' | 'other';
  words: string;
};

const failures: readonly (StartFailure & { pattern: RegExp })[] = [
  {
    why: 'user',
    pattern:
      /runAsNonRoot|runs as root|image will run as root|unable to find user|non-numeric user|no matching entries in passwd/,
    words: 'the user it is to run as is not possible',
  },
  {
    why: 'hook',
    pattern: /PostStartHook|postStart|PreStartHook|lifecycle hook|Exec lifecycle/i,
    words: 'its start hook fails',
  },
  { why: 'platform', pattern: /exec format error/i, words: 'its program is built for another platform' },
  {
    why: 'permission',
    pattern: /permission denied|operation not permitted|EACCES/i,
    words: 'its command may not be executed',
  },
  {
    why: 'directory',
    pattern: /mkdir .{0,200}(?:not a directory|read-only)|working directory|chdir to cwd/i,
    words: 'its working directory cannot be used',
  },
  {
    why: 'not_found',
    pattern: /executable file not found|no such file or directory|no command specified|stat \S{1,300}: no such/i,
    words: 'its command is not in the image',
  },
];

const runtime =
  /OCI runtime create failed|failed to create containerd task|failed to start container|runc create failed|container_linux|Error response from daemon|starting container process caused|exec: "|StartError|crun:/i;

/** Reads a StartError, RunContainerError or CreateContainerError message; undefined when it is not about the start. */
export function parseStartFailure(message: string): StartFailure | undefined {
  const found = failures.find(({ pattern }) => pattern.test(message));
  if (found !== undefined) return { why: found.why, words: found.words };
  return runtime.test(message) ? { why: 'other', words: 'the runtime cannot start it' } : undefined;
}
