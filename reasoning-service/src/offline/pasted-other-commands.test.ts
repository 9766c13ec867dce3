import { describe, expect, it } from '@jest/globals';
import { allInShort, pasted } from '../../test/pasted.ts';

const refused = 'Error: connect ECONNREFUSED 10.96.12.4:5432\n'.repeat(3);
const session = (prompt: string, between: string): string => `${prompt} kubectl get pods -n shop
NAME                        READY   STATUS    RESTARTS   AGE
orders-66c8d7f9b5-7b2lv     1/1     Running   0          9d
${prompt} kubectl logs -n shop orders-66c8d7f9b5-7b2lv --tail=5
2026-11-20T10:14:00Z INFO request ok 200
${between}${refused}`;

describe('what follows another command in a terminal', () => {
  it.each([
    ['$', '$ ssh n1 sudo tail -2 /var/log/other.log\n'],
    ['$', '$ cat other.log\n'],
    ['#', '# crictl logs 3f2a\n'],
    ['[ops@jump ~]$', '[ops@jump logs]$ ./show other\n'],
    ['jo@laptop:~$', 'jo@laptop:~/work$ docker logs other\n'],
    ['PS C:\\Users\\Jo Doe>', 'PS C:\\logs> type other.log\n'],
  ])('is no log of the pod before it: %s %j', (prompt, between) => {
    expect(allInShort(pasted({ 'x.txt': session(prompt, between) }))).toEqual(['dependency_unreachable Log x.txt']);
  });

  it.each([
    ['$', ''],
    ['$', '$ node server.js\n'],
    ['>', '> shop@1.0.0 start\n'],
    ['#', '# of all requests\n'],
    ['jo@laptop:~$', '$ tail -f other.log\n'],
    ['[ops@jump ~]$', '[2026-11-20 10:14:01]$ tail\n'],
  ])('is one where a log only looks like a terminal: %s %j', (prompt, between) => {
    expect(allInShort(pasted({ 'x.txt': session(prompt, between) }))).toEqual([
      'dependency_unreachable Deployment shop/orders',
    ]);
  });
});
