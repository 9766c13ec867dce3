import { mkdtempSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { stringify } from 'yaml';
import { root } from '../run.ts';

/** Where the plain manifests lie. */
export const manifests = join(root, 'deployments/manifests');

type Parts = { folder: string; components: readonly string[]; namespace?: string };

/** Makes a kustomization of a folder and components beside it, as a person writes an overlay, and hands back where it lies. */
export function composition(place: string, { folder, components, ...more }: Parts): string {
  const overlay = mkdtempSync(join(place, 'overlay-'));
  // Kustomize takes no absolute paths.
  const path = (...names: string[]): string => relative(overlay, join(manifests, ...names));
  const kustomization = {
    apiVersion: 'kustomize.config.k8s.io/v1beta1',
    kind: 'Kustomization',
    ...more,
    resources: [path(folder)],
    components: components.map((name) => path('components', name)),
  };
  writeFileSync(join(overlay, 'kustomization.yaml'), stringify(kustomization));
  return overlay;
}
