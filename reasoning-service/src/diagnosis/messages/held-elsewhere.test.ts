import { describe, expect, it } from '@jest/globals';
import { heldElsewhere } from './held-elsewhere.ts';
import { parseVolume } from './volume.ts';

describe('a volume that another machine has', () => {
  it.each([
    [
      'Azure',
      'Attach volume /subscriptions/s/disks/d to instance pool-vmss000004 failed with disk(/subscriptions/s/disks/d) already attached to node(/subscriptions/s/virtualMachines/pool_2), could not be attached to node(pool-vmss000004)',
    ],
    ['EBS', 'api error VolumeInUse: vol-77c is already attached to an instance'],
    [
      'Compute Engine',
      "googleapi: Error 400: RESOURCE_IN_USE_BY_ANOTHER_RESOURCE - The disk resource 'projects/p/zones/z/disks/d' is already being used by 'projects/p/zones/z/instances/gke-7'",
    ],
    ['Longhorn', 'volume pvc-2 failed to attach to node w2: the volume is currently attached to different node w1'],
    ['vSphere', "failed to attach disk when calling vm.AttachDisk: The resource 'volume' is in use."],
    ['Ceph', 'rbd image replicapool/csi-vol-31 is still being used'],
    ['Ceph, by watchers', 'rbd: image csi-vol-31 still has watchers'],
    ['Ceph, by a lock', 'rbd: image csi-vol-31 is locked by other nodes'],
    [
      'Cinder',
      'Invalid volume: Volume 3f status must be available or downloading to reserve, but the current status is in-use.',
    ],
    ['Cinder, by the driver', 'disk 3f path /dev/vdb is attached to a different instance (9a)'],
    ['DigitalOcean', 'volume "d1" is attached to the wrong droplet(331), detach the volume to fix it'],
    ['Hetzner', 'failed to publish volume: volume is attached'],
    ['another driver', 'volume is already published on a different node'],
  ])('%s', (_, words) => {
    expect(heldElsewhere(words)).toBeDefined();
    const message = `AttachVolume.Attach failed for volume "pvc-2" : rpc error: code = Internal desc = ${words}`;
    expect(parseVolume(message)).toMatchObject({ why: 'multi_attach', volume: 'pvc-2' });
  });

  it('names the machine where it is told', () =>
    expect(heldElsewhere('disk(d) already attached to node(n1), could not be attached to node(n2)')?.holder).toBe(
      'n1',
    ));

  it.each([
    ['the same node', 'disk(d) already attached to node(/vms/N2), could not be attached to node(n2)'],
    ['the limit of a machine', 'AttachmentLimitExceeded: the maximum number of volumes is attached to node n2'],
    ['the limit of a server', 'failed to publish volume: max number of attachments per server reached'],
    ['another zone', "the volume is in zone 'a', the instance in zone 'b': cannot be attached to node n2"],
    ['what is not found', 'volume vol-7 not found, could not be attached to node n2'],
    ['a right', 'UnauthorizedOperation: You are not authorized to attach to instance i-7'],
    ['a device', "Invalid value '/dev/xvdba' for unixDevice. Attachment point /dev/xvdba is already in use"],
    ['a path', 'mount failed: /dev/sdb is already mounted on /var/lib/kubelet/x'],
    ['a volume that waits', 'volume pvc-2 is not attached to node n2 yet'],
    [
      'a volume that is being made',
      'Volume 3f status must be available to reserve, but the current status is creating',
    ],
  ])('is not %s', (_, words) => expect(heldElsewhere(words)).toBeUndefined());

  it('is not the machine itself, as it is known from elsewhere', () => {
    expect(heldElsewhere('vol-7 is already attached to instance i-1', 'i-1')).toBeUndefined();
    expect(heldElsewhere('vol-7 is already attached to instance i-1', 'i-2')).toBeDefined();
  });
});
