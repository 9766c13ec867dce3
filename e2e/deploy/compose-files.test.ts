import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { root } from '../src/run.ts';

type Bind = { type: string; source: string; bind?: { create_host_path?: boolean } };
type Service = {
  image?: string;
  build?: { args?: Record<string, string> };
  profiles?: string[];
  read_only?: boolean;
  cap_drop?: string[];
  security_opt?: string[];
  mem_limit?: string;
  restart?: string;
  ports?: string[];
  volumes?: (string | Bind)[];
  environment?: Record<string, string>;
  depends_on?: Record<string, { condition: string }>;
  healthcheck?: { test?: string[]; disable?: boolean };
  command?: string[];
  entrypoint?: string[];
};
type File = { include?: string[]; services?: Record<string, Service>; volumes?: Record<string, unknown> };

const read = (path: string) => parse(readFileSync(join(root, path), 'utf8'), { merge: true }) as File;
const { include = [] } = read('docker-compose.yml');
const files = include.map(read);
const services = Object.assign({}, ...files.map((file) => file.services)) as Record<string, Service>;
const volumes = new Set(files.flatMap((file) => Object.keys(file.volumes ?? {})));
const table = Object.entries(services);
const passed = (condition: (service: Service, name: string) => boolean) =>
  table.filter(([name, service]) => !condition(service, name)).map(([name]) => name);

const isOneShot = ({ restart }: Service) => restart === 'no';

describe('the files of docker-compose.yml', () => {
  it('are all included', () => {
    const found = readdirSync(join(root, 'deployments/compose')).filter(
      (file) => file.endsWith('.yaml') && !file.startsWith('grafana-'),
    );
    expect(include.map((path) => path.replace('deployments/compose/', '')).sort()).toEqual(found.sort());
  });

  it('pin every image to a whole version, and let each be replaced', () => {
    expect(
      passed(
        ({ image = '' }) =>
          /^\$\{AETHERIUS_\w+_IMAGE:-[^}]+:v?\d+\.\d+(\.\d+)?(-[a-z]+)?\}$/.test(image) ||
          /\$\{AETHERIUS_VERSION:-\d+\.\d+\.\d+\}$/.test(image),
      ),
    ).toEqual([]);
    expect(passed(({ image = '' }) => !image.includes('latest'))).toEqual([]);
  });

  it('take every right away that a part does not need', () => {
    expect(passed(({ cap_drop }) => cap_drop?.[0] === 'ALL')).toEqual([]);
    expect(passed(({ security_opt }) => security_opt?.[0] === 'no-new-privileges:true')).toEqual([]);
    // The image of Neo4j writes its settings into its own folder at each start.
    expect(passed(({ read_only }) => read_only === true)).toEqual(['neo4j']);
  });

  it('bound the memory of every part, and of what the charts bring too at the same', () => {
    const bytes = (amount = '') => {
      const [, digits, unit = ''] = /^(\d+)([mgMG])i?$/.exec(amount) ?? [];
      return Number(digits) * (unit.toLowerCase() === 'g' ? 1_024 : 1);
    };
    const limitOf = (name: string) => services[name]?.mem_limit?.replace(/^\$\{\w+:-(\w+)\}$/, '$1');
    expect(passed((_service, name) => bytes(limitOf(name)) >= 128)).toEqual([]);
    type Limited = { resources: { limits: { memory: string } } };
    const read = (chart: string) => parse(readFileSync(join(root, `deployments/charts/${chart}/values.yaml`), 'utf8'));
    const plane = read('aetherius') as Record<string, Limited & { bundled: Limited }>;
    const charted = {
      'agent-manager': plane['manager'],
      'orchestrator-service': plane['orchestrator'],
      'reasoning-service': plane['reasoning'],
      'collect-agent': read('aetherius-agent') as Limited,
      postgres: plane['postgres']?.bundled,
      nats: plane['nats']?.bundled,
    };
    for (const [name, limited] of Object.entries(charted))
      expect([name, bytes(limitOf(name))]).toEqual([name, bytes(limited?.resources.limits.memory)]);
  });

  it('tell a build what the Dockerfile asks for, and put nothing into a label that compose cannot know', () => {
    const dockerfile = readFileSync(join(root, 'deployments/docker/Dockerfile'), 'utf8');
    const asked = new Set([...dockerfile.matchAll(/^ARG (\w+)/gm)].map(([, name]) => name));
    const told = table.flatMap(([, { build }]) => Object.keys(build?.args ?? {}));
    expect(new Set(told)).toEqual(asked);
    const labels = [...dockerfile.matchAll(/org\.opencontainers\.image\.(\w+)=/g)].map(([, name]) => name);
    expect(new Set(labels)).toEqual(new Set(['vendor', 'licenses', 'version', 'title', 'description']));
  });

  it('open no port on every address but those that speak TLS', () => {
    const open = table.flatMap(([name, { ports = [] }]) =>
      ports.filter((port) => !/^(127\.0\.0\.1|\$\{AETHERIUS_BIND:-127\.0\.0\.1\}):/.test(port)).map(() => name),
    );
    expect(new Set(open)).toEqual(new Set(['gateway']));
  });

  it('wait for health, or for the end of what ends', () => {
    const wrong = table.flatMap(([name, { depends_on = {} }]) =>
      Object.entries(depends_on)
        .filter(([on, { condition }]) => {
          const wanted = isOneShot(services[on] ?? {}) ? 'service_completed_successfully' : 'service_healthy';
          return condition !== wanted;
        })
        .map(([on]) => `${name} on ${on}`),
    );
    expect(wrong).toEqual([]);
  });

  it('have a health check for whatever keeps running; our own images bring theirs', () => {
    expect(
      passed((service) => isOneShot(service) || service.build !== undefined || service.healthcheck?.test !== undefined),
    ).toEqual([]);
  });

  it('take each variable that the example says is theirs, and no other', () => {
    const parts = readFileSync(join(root, '.env.example'), 'utf8').split(/^# == (.*) ==$/m);
    const named = (heading: RegExp) => {
      const text = parts[parts.findIndex((part) => heading.test(part)) + 1] ?? '';
      return [...text.matchAll(/^#([A-Z0-9_]+)=/gm)].map(([, name = '']) => name);
    };
    const [both, npm, compose] = [
      named(/^For `npm start` and/),
      named(/^For `npm start` alone/),
      named(/^For `docker/),
    ];
    const texts = ['docker-compose.yml', ...include].map((file) => readFileSync(join(root, file), 'utf8'));
    const taken = new Set(texts.flatMap((text) => [...text.matchAll(/\$\{(\w+)/g)].map(([, name = '']) => name)));
    expect([...taken].sort()).toEqual([...both, ...compose].sort());
    expect(npm.filter((name) => taken.has(name))).toEqual([]);
    expect(npm.length).toBeGreaterThan(5);
  });

  it('pin what the chart pins too to the same version', () => {
    type Images = Record<'nats' | 'postgres', { bundled: { image: { tag: string } } }>;
    const values = parse(readFileSync(join(root, 'deployments/charts/aetherius/values.yaml'), 'utf8')) as Images & {
      backup: { image: { tag: string } };
    };
    const versionOf = (text: string) => /(\d+(\.\d+)+)/.exec(text)?.[1];
    for (const name of ['nats', 'postgres'] as const)
      expect([name, versionOf(values[name].bundled.image.tag)]).toEqual([name, versionOf(services[name]?.image ?? '')]);
    expect(values.backup.image.tag).toBe(values.postgres.bundled.image.tag);
  });

  it('build and name images by the one version that all else has, so that a label needs no flag to be true', () => {
    const text = (path: string) => readFileSync(join(root, path), 'utf8');
    const { version } = JSON.parse(text('package.json')) as { version: string };
    const charts = ['aetherius', 'aetherius-agent'].map((name) => `deployments/charts/${name}/Chart.yaml`);
    const said = [
      ...include.flatMap((path) => [...text(path).matchAll(/\$\{AETHERIUS_VERSION:-([^}]+)\}/g)]),
      ...text('deployments/docker/Dockerfile').matchAll(/^ARG VERSION=(.+)$/gm),
      ...charts.flatMap((path) => [...text(path).matchAll(/^(?:version|appVersion): "?([^"\n]+)"?$/gm)]),
    ].map(([, found]) => found);
    expect(said.length).toBeGreaterThan(10);
    expect(new Set(said)).toEqual(new Set([version]));
  });

  it('hold no secret', () => {
    const values = table.flatMap(([, { environment = {} }]) =>
      Object.entries(environment).filter(
        ([name, value]) =>
          /PASSWORD|SECRET|TOKEN|KEY/.test(name) &&
          !/^(\/run\/aetherius\/|\$\{\w+_FILE:(-\}$|\+\/run\/secrets\/))/.test(value),
      ),
    );
    expect(values).toEqual([]);
  });

  it('declare each volume that is mounted, and mount each that is declared', () => {
    const mounted = new Set(
      table.flatMap(([, service]) =>
        (service.volumes ?? [])
          .flatMap((volume) => (typeof volume === 'string' ? (volume.split(':')[0] ?? '') : []))
          .filter((name) => !/^[./]/.test(name)),
      ),
    );
    expect([...mounted].sort()).toEqual([...volumes].sort());
  });

  it('make no folder on the host where a variable names one that is not there', () => {
    const own = table
      .flatMap(([, service]) => service.volumes ?? [])
      .filter((volume) => JSON.stringify(volume).includes('${'));
    expect(own).toHaveLength(4);
    for (const volume of own)
      expect(volume).toMatchObject({ type: 'bind', read_only: true, bind: { create_host_path: false } });
  });

  it('tell the preparation of each path that a variable names', () => {
    const told = Object.keys(services['secrets']?.environment ?? {});
    const named = include.flatMap(
      (path) => readFileSync(join(root, path), 'utf8').match(/\w+(?=:-\/dev\/null)/g) ?? [],
    );
    expect(new Set(named).size).toBe(8);
    expect([...new Set(named)].filter((name) => !told.includes(name))).toEqual([]);
  });

  it('back up and restore with the script that the chart carries, by the programs of the database itself', () => {
    const { backup, restore, postgres } = services;
    for (const tool of [backup, restore]) {
      expect(tool?.image).toBe(postgres?.image);
      expect(tool?.volumes).toContain('../charts/aetherius/files/database.sh:/database.sh:ro');
      expect(tool?.profiles).toEqual(['tools']);
    }
  });

  it('look at the version of the data before the database does, in its own image and with its own volume', () => {
    const { postgres, 'postgres-version': check } = services;
    const [volume = '', folder] = /^postgres-data:(.*)$/.exec(String(postgres?.volumes?.at(-1))) ?? [];
    expect(check?.image).toBe(postgres?.image);
    expect(check?.entrypoint).toEqual(['bash', '/postgres-version.sh', folder]);
    const script = '../charts/aetherius/files/postgres-version.sh:/postgres-version.sh:ro';
    expect(check?.volumes).toEqual([script, volume]);
    expect(postgres?.depends_on).toHaveProperty('postgres-version');
  });

  it('give everything to the preparation alone', () => {
    expect(
      table
        .filter(([, service]) => service.volumes?.some((volume) => String(volume).startsWith('keep:')))
        .map(([name]) => name),
    ).toEqual(['secrets', 'database']);
  });
});
