import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { GeneratedDocument } from './charts/generated-document.ts';
import { openHelm } from './charts/helm.ts';
import { plainManifests } from './charts/manifests.ts';
import { generatedDocuments } from './generated.ts';
import { root } from './run.ts';

const write = (documents: readonly GeneratedDocument[]): void => {
  for (const { file, text } of documents) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
    console.log(`wrote ${file}`);
  }
};

write(await generatedDocuments());
const helm = await openHelm(console.log);
// After the rest: the manifests are made from charts that have just been written.
if (helm === undefined) console.log('left deployments/manifests as it is: Helm is built with Go, which is not here');
else write(await plainManifests(helm));
