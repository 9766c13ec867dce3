import { cpSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { runCommand, succeeds } from '../cluster/command.ts';

const MODULE = 'github.com/docker/compose/v2';
const VERSION = 'v2.40.3';
const cache = join(homedir(), '.cache', 'aetherius', `compose-${VERSION}`);

const plugin = join(cache, 'cli-plugins', 'docker-compose');

/** The words that run compose where nothing has to be built for it: docker's own, or the plugin that is kept. */
export async function readyCompose(): Promise<string[] | undefined> {
  if (await succeeds('docker', ['compose', 'version'])) return ['docker', 'compose'];
  return existsSync(plugin) ? [plugin] : undefined;
}

type Provided = { env: Record<string, string> } | { missing: string };

/** What the docker command needs to know compose; where the machine has no plugin, it is built from its Go module and kept. */
export async function composeFolder(report: (line: string) => void): Promise<Provided> {
  if (await succeeds('docker', ['compose', 'version'])) return { env: {} };
  const env = { DOCKER_CONFIG: cache };
  if (existsSync(plugin)) return { env };
  if (!(await succeeds('go', ['version'])))
    return { missing: 'docker has no compose plugin, and there is no Go to build one with' };
  report(`building docker compose ${VERSION} from its Go module (a few minutes, once)`);
  return build().then(
    () => ({ env }),
    (error: unknown) => ({
      missing: `docker compose cannot be built: ${error instanceof Error ? error.message : error}`,
    }),
  );
}

/** In the module's own folder, because `go install` refuses a go.mod that excludes versions. */
async function build(): Promise<void> {
  mkdirSync(join(cache, '..'), { recursive: true });
  const draft = mkdtempSync(join(cache, '..', '.compose-'));
  try {
    const source = join(draft, 'source');
    const { Dir: module } = JSON.parse(
      await runCommand('go', ['mod', 'download', '-json', `${MODULE}@${VERSION}`]),
    ) as {
      Dir: string;
    };
    cpSync(module, source, { recursive: true });
    await runCommand('chmod', ['-R', 'u+w', source]);
    const flags = ['-trimpath', '-ldflags', `-s -w -X ${MODULE}/internal.Version=${VERSION}`];
    const output = ['-o', join(draft, 'config/cli-plugins/docker-compose')];
    await runCommand('go', ['build', ...flags, ...output, './cmd'], { cwd: source, env: { CGO_ENABLED: '0' } });
    renameSync(join(draft, 'config'), cache);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}
