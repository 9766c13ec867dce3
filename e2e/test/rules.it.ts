import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { debianProgram, describeUnless } from '@aetherius/shared/testing';
import { expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { runCommand } from '../cluster/command.ts';
import { alerts, ruleFiles } from '../src/monitoring/rules.ts';
import { root } from '../src/run.ts';

const [promtool, amtool] = await Promise.all([debianProgram('promtool'), debianProgram('amtool')]);
const compose = join(root, 'deployments/compose');

const rules = (path: string) => () => {
  const ask = (...args: string[]) => runCommand(path, args, { cwd: root });

  it('are rules that Prometheus can read', async () => {
    expect(await ask('check', 'rules', ...ruleFiles())).not.toContain('FAILED');
  });

  it('fire when they should, and only then', async () => {
    const folder = 'deployments/monitoring/tests';
    const files = readdirSync(join(root, folder)).map((file) => `${folder}/${file}`);
    expect(await ask('test', 'rules', ...files)).toContain('SUCCESS');
  }, 60_000);

  it('are read by the Prometheus of compose, whose settings are right', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'aetherius-prometheus-'));
    try {
      const settings = readFileSync(join(compose, 'prometheus.yml'), 'utf8');
      const file = join(folder, 'prometheus.yml');
      writeFileSync(file, settings.replace('/etc/prometheus/rules', join(root, 'deployments/monitoring/rules')));
      expect(await ask('check', 'config', file)).toContain(`${ruleFiles().length} rule files found`);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
};

const routes = (path: string) => () => {
  const file = join(compose, 'alertmanager.yml');
  const receiver = async (labels: Record<string, string>) => {
    const words = Object.entries(labels).map(([name, value]) => `${name}=${value}`);
    return (await runCommand(path, ['config', 'routes', 'test', `--config.file=${file}`, ...words])).trim();
  };

  it('are settings that Alertmanager takes', async () => {
    expect(await runCommand(path, ['check-config', file])).toContain('SUCCESS');
  });

  it('lead every alert to whom its severity asks for', async () => {
    const wanted = { critical: 'page', high: 'ticket', warning: 'ticket', info: 'shown' };
    const severities = [...new Set(alerts().map(({ labels }) => labels.severity))];
    expect(severities.toSorted()).toEqual(Object.keys(wanted).toSorted());
    for (const severity of severities)
      expect([severity, await receiver({ severity })]).toEqual([severity, wanted[severity]]);
    expect(await receiver({ alertname: 'SomethingElse' })).toBe('shown');
  });

  it('are held back only by alerts that there are', () => {
    const { inhibit_rules } = parse(readFileSync(file, 'utf8')) as { inhibit_rules: Record<string, string[]>[] };
    const named = inhibit_rules
      .flatMap(({ source_matchers = [], target_matchers = [] }) => [...source_matchers, ...target_matchers])
      .flatMap((matcher) => /^alertname =~? "?([^"]+)"?$/.exec(matcher)?.[1] ?? []);
    const known = alerts().map(({ alert }) => alert);
    expect(named.length).toBeGreaterThan(5);
    for (const name of named) expect(known.filter((one) => new RegExp(`^(?:${name})$`).test(one))).not.toEqual([]);
  });
};

const pathOf = (program: typeof promtool) => ('path' in program ? program.path : '');
const lack = (program: typeof promtool) => ('path' in program ? undefined : program.missing);
describeUnless(lack(promtool))('the alert rules', rules(pathOf(promtool)));
describeUnless(lack(amtool))('the routes of alerts', routes(pathOf(amtool)));
