/** What a target of the Dockerfile runs, and with which environment of its own and of the stages that it stands on. */
export function imageProgram(dockerfile: string, target: string): { args: string[]; env: Record<string, string> } {
  const lines = stageOf(dockerfile.replace(/\\\n\s*/g, ''), target);
  const values = (word: string) =>
    lines.flatMap((line) => (line.startsWith(`${word} `) ? line.slice(word.length) : []));
  const [base] = values('FROM');
  const [, below = ''] = /^\s*(\S+)/.exec(base ?? '') ?? [];
  const inherited = below.includes('$') ? {} : imageProgram(dockerfile, below).env;
  const own = values('ENV').flatMap((line) =>
    [...line.matchAll(/(\w+)=(\S+)/g)].map(([, name = '', value = '']) => [name, value]),
  );
  const [, ...args] = JSON.parse(values('ENTRYPOINT')[0] ?? '[]') as string[];
  return { args, env: { ...inherited, ...Object.fromEntries(own) } };
}

function stageOf(dockerfile: string, target: string): string[] {
  const stage = dockerfile.split(/^(?=FROM )/m).find((part) => new RegExp(`^FROM \\S+ AS ${target}$`, 'm').test(part));
  if (stage === undefined) throw new RangeError(`the Dockerfile has no target ${target}`);
  return stage.split('\n');
}
