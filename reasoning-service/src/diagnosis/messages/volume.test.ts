import { expect, it } from '@jest/globals';
import { parseVolume } from './volume.ts';

it('reads what a volume lacks, and nothing from a kubelet that was only late', () => {
  const failed = 'MountVolume.SetUp failed for volume "papers" : hostPath type check failed: /srv is not a directory';
  expect(parseVolume(failed)).toMatchObject({ why: 'mount', volume: 'papers' });
  const late =
    'MountVolume.SetUp failed for volume "kube-api-access-x2k4z" : failed to sync configmap cache: timed out waiting for the condition';
  expect(parseVolume(late)).toBeUndefined();
});
