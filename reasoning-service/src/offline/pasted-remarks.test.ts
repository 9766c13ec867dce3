import { describe, expect, it } from '@jest/globals';
import { pasted } from '../../test/pasted.ts';

const at = (minute: number, words: string) => `2026-11-20T09:${String(minute).padStart(2, '0')}:00Z ${words}`;
const good = [10, 20, 30, 40].map((minute) => at(minute, 'INFO sheared 204 sheep, saved'));
const begun = at(0, 'INFO listening on 8080');
const found = (...lines: string[]) => pasted({ 'shed.log': `${lines.join('\n')}\n` });

describe('a lone warning before good work', () => {
  it.each([
    ['of a setting', 'WARN view.open-session is enabled by default, so queries may be made while a page is drawn'],
    ['of where keys are kept', "WARN Storing keys in '/root/.keys' that may not be persisted outside of the container"],
    [
      'of a broker that is about to settle',
      'WARN [Producer p1] Error while fetching metadata : {wool=LEADER_NOT_AVAILABLE}',
    ],
  ])('%s leaves nothing open', (_, warning) => {
    const calm = found(begun, at(1, warning), ...good);
    expect([calm.category, calm.confidence]).toEqual(['no_incident', 0.65]);
  });

  it.each([
    ['of a failure', 'WARN could not send the bill of pen 7'],
    ['of what does not pass by itself', 'WARN replica is 5400 s behind'],
    ['of a share', 'WARN heap is used to 97 %'],
    ['of a shortage', 'WARN the pool of 8 shearers is exhausted'],
  ])('%s is quoted, and nothing is acquitted', (_, warning) => {
    const open = found(begun, at(1, warning), ...good);
    expect(open.status).toBe('abstained');
    expect(open.root_cause?.description).toContain(warning);
  });

  it('is none where nothing, or little, follows it', () => {
    const warning = at(50, 'WARN view.open-session is enabled by default');
    expect(found(begun, ...good, warning).status).toBe('abstained');
    expect(found(begun, ...good.slice(2), warning, at(51, 'INFO sheared 3 sheep, saved')).status).toBe('abstained');
  });

  it('is none where it is said again and again', () => {
    const again = [1, 2, 3, 4].map((minute) =>
      at(minute, 'WARN [Producer p1] Error while fetching metadata : {wool=LEADER_NOT_AVAILABLE}'),
    );
    expect(found(begun, ...again, ...good).category).not.toBe('no_incident');
  });
});

describe('a slow request of etcd', () => {
  const done =
    '{"level":"info","ts":"2026-11-20T09:07:11Z","caller":"mvcc/kvstore_compaction.go:68","msg":"finished scheduled compaction"}';
  const slow = (took: string) =>
    `{"level":"warn","ts":"2026-11-20T09:04:07Z","caller":"txn/util.go:93","msg":"apply request took too long","took":"${took}","expected-duration":"100ms"}`;
  it('is nothing where nobody feels it, and quoted where somebody may', () => {
    expect(found(done, slow('131.5ms'), done).category).toBe('no_incident');
    expect(found(done, slow('1.9s'), done).category).not.toBe('no_incident');
    expect(found(done, slow('131.5ms'), slow('140ms'), slow('160ms'), slow('171ms'), done).category).not.toBe(
      'no_incident',
    );
  });
});

describe('a file that somebody asked a web server for in vain', () => {
  const access = (path: string, status: number) =>
    `10.9.0.7 - - [20/Nov/2026:09:01:02 +0000] "GET ${path} HTTP/1.1" ${status} 512 "-" "Mozilla/5.0"`;
  const unfound = (path: string) =>
    `2026/11/20 09:01:09 [error] 29#29: *12 open() "/srv/www${path}" failed (2: No such file or directory), client: 10.9.0.7, server: localhost, request: "GET ${path} HTTP/1.1", host: "wool.example"`;
  const asked = (path: string) => [access(path, 404), unfound(path)];
  const served = [access('/', 200), access('/fleece', 200), access('/pens', 200)];

  it('is no fault of the server', () => {
    const paths = ['/favicon.ico', '/wp-login.php', '/.env', '/robots.txt'];
    expect(found(...served, ...paths.flatMap(asked), ...served).category).toBe('no_incident');
  });

  it('is one where its page is made of it', () => {
    const broken = found(...served, ...['/app.js', '/app.js', '/app.js', '/app.js'].flatMap(asked));
    expect(broken.category).not.toBe('no_incident');
    expect(broken.missing_evidence.join()).not.toContain('10.9.0.7');
  });
});
