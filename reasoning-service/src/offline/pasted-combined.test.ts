import { describe, expect, it } from '@jest/globals';
import { pasted } from '../../test/pasted.ts';

const event = (reason: string, object: string, message: string) =>
  `LAST SEEN   TYPE      REASON   OBJECT   MESSAGE\n9s   Warning   ${reason}   ${object}   (combined from similar events): ${message}\n`;
const pod = 'pod/wren-6b9f8d7c55-5xkwl';

describe('an event that stands for several', () => {
  it.each([
    [
      'FailedCreatePodSandBox',
      pod,
      'Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox "6f": plugin type="cilium-cni" failed (add): unable to connect',
      'pod_sandbox_cni_failure',
    ],
    [
      'FailedMount',
      pod,
      'MountVolume.SetUp failed for volume "nest" : mount failed: exit status 32',
      'volume_mount_failed',
    ],
    [
      'FailedAttachVolume',
      pod,
      'AttachVolume.Attach failed for volume "pvc-1" : VolumeInUse: taken',
      'volume_multi_attach',
    ],
    [
      'Failed',
      pod,
      'Failed to pull image "r.example/wren:9": rpc error: code = NotFound desc = not found',
      'image_pull_failure',
    ],
    ['FailedScheduling', pod, '0/3 nodes are available: 3 Insufficient cpu.', 'unschedulable_insufficient_resource'],
    [
      'FailedCreate',
      'replicaset/wren-6b9f8d7c55',
      'Error creating: pods "wren-x" is forbidden: exceeded quota: q, requested: pods=1, used: pods=4, limited: pods=4',
      'quota_exceeded',
    ],
  ])('%s is read as one alone, in the words of the evidence', (reason, object, message, category) => {
    const found = pasted({ 'events.txt': event(reason, object, message) });
    expect(found.category).toBe(category);
    expect(found.evidence.map(({ quote }) => quote)).toContain(message);
    expect(found.root_cause?.description).not.toContain('similar events');
  });
});
