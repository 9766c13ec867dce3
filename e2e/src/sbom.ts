import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './run.ts';

/** From the lock file alone: what npm installed here lacks the packages of other platforms. */
const flags = ['--sbom-format', 'cyclonedx', '--sbom-type', 'application', '--package-lock-only', '--omit', 'dev'];
const text = execFileSync('npm', ['sbom', ...flags], {
  cwd: root,
  encoding: 'utf8',
  maxBuffer: 64e6,
  stdio: ['ignore', 'pipe', 'inherit'],
});
type Document = { components: unknown[]; specVersion: string; metadata: { component: { name: string } } };
const document = JSON.parse(text) as Document;
// npm names the whole after the folder that it happens to lie in.
const { name } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { name: string };
document.metadata.component.name = name;
writeFileSync(join(root, 'sbom.cdx.json'), `${JSON.stringify(document, null, 2)}\n`);
console.log(`sbom.cdx.json: CycloneDX ${document.specVersion}, ${document.components.length} components`);
