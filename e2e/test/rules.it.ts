import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describeUnless } from '@aetherius/shared/testing';
import { expect, it } from '@jest/globals';
import { runCommand } from '../cluster/command.ts';
import { findPromtool } from '../src/monitoring/promtool.ts';
import { ruleFiles } from '../src/monitoring/rules.ts';
import { root } from '../src/run.ts';

const promtool = await findPromtool();
const tests = (path: string) => () => {
  const ask = (...args: string[]) => runCommand(path, args, { cwd: root });

  it('are rules that Prometheus can read', async () => {
    expect(await ask('check', 'rules', ...ruleFiles())).not.toContain('FAILED');
  });

  it('fire when they should, and only then', async () => {
    const folder = 'deployments/monitoring/tests';
    const files = readdirSync(join(root, folder)).map((file) => `${folder}/${file}`);
    expect(await ask('test', 'rules', ...files)).toContain('SUCCESS');
  }, 60_000);
};

const [path, missing] = 'path' in promtool ? [promtool.path] : ['', promtool.missing];
describeUnless(missing)('the alert rules', tests(path));
