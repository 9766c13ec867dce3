import { describe, expect, it } from '@jest/globals';
import { allInShort, pasted } from '../../test/pasted.ts';

const head = 'NAMESPACE   LAST SEEN   TYPE      REASON        OBJECT           MESSAGE';
const mount =
  'bakery      22s         Warning   FailedMount   pod/oven-0       MountVolume.SetUp failed for volume "dough" : mount failed: exit status 32';
const arguments_ =
  'Mounting arguments: -t nfs 10.0.8.8:/dough /var/lib/kubelet/pods/7b/volumes/kubernetes.io~nfs/dough';
const before =
  'bakery      40s         Normal    Scheduled     pod/oven-0       Successfully assigned bakery/oven-0 to rack-3';
const after =
  'bakery      9s          Warning   BackOff       pod/mixer-0      Back-off restarting failed container mixer in pod mixer-0_bakery(0b)';
const indented = (line: string) => `${' '.repeat(65)}${line}`;
const answer = ['Mounting command: mount', arguments_, 'Output: mount.nfs: Protocol not supported for 10.0.8.8:/dough'];
const found = (...lines: string[]) => pasted({ 'events.txt': `${lines.join('\n')}\n` });
const fault = 'volume_mount_failed StatefulSet bakery/oven';

describe('a message of several lines in a table of events', () => {
  it.each([
    ['below its column', answer.map(indented)],
    ['at the front', answer],
    ['further in than its column', answer.map((line) => indented(`    ${line}`))],
  ])('is one message where it stands %s', (_, lines) => {
    const told = found(head, before, mount, ...lines, after);
    expect(told.root_cause.description).toContain('Protocol not supported');
    expect(told.evidence[0]?.quote).toContain('\nOutput: mount.nfs');
    expect(allInShort(told)[0]).toBe(fault);
    expect(told.unread).toEqual([]);
  });

  it('goes on below its answer up to the next row', () => {
    const told = found(head, mount, ...answer, 'mount.nfs: tried 10.0.8.8 as well', after);
    expect(told.unread).toEqual([]);
    expect(told.evidence[0]?.quote).toContain('tried 10.0.8.8 as well');
    expect(told.evidence[0]?.quote).not.toContain('mixer');
  });

  it('does not take in what was typed below the table', () => {
    const told = found(
      head,
      mount,
      ...answer,
      '$ kubectl get pods -n bakery',
      'NAME    READY  STATUS   RESTARTS  AGE',
      'oven-0  0/1  Pending  0  3m',
    );
    expect(JSON.stringify(told.evidence)).not.toContain('kubectl get pods');
  });

  it("does not take in a sentence that is nobody's", () => {
    expect(found(head, mount, 'and this is where it hangs').unread).toHaveLength(1);
  });
});
