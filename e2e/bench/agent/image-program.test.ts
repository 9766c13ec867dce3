import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { imageProgram } from './image-program.ts';

const dockerfile = `ARG BASE=node:24
FROM \${BASE} AS service
ENV NODE_ENV=production
FROM service AS agent
ENV A=1 \\
    B=2
ENTRYPOINT ["node", "--flag=3", "agent/dist/main.js"]
FROM service AS other
ENTRYPOINT ["node", "other.js"]
`;

describe('imageProgram', () => {
  it('is the entry point of the target, with the environment of its stages', () => {
    expect(imageProgram(dockerfile, 'agent')).toEqual({
      args: ['--flag=3', 'agent/dist/main.js'],
      env: { NODE_ENV: 'production', A: '1', B: '2' },
    });
    expect(imageProgram(dockerfile, 'other').env).toEqual({ NODE_ENV: 'production' });
  });

  it('says which target is not there', () => {
    expect(() => imageProgram(dockerfile, 'none')).toThrow('no target none');
  });

  it('finds the agent in the Dockerfile of the product', () => {
    const { args } = imageProgram(readFileSync('deployments/docker/Dockerfile', 'utf8'), 'collect-agent');
    expect(args.at(-1)).toBe('collect-agent/dist/main.js');
  });
});
