import { describe, expect, it } from '@jest/globals';
import { inShort, pasted } from '../../test/pasted.ts';

const row = `NAMESPACE   NAME                    READY   STATUS    RESTARTS   AGE
moor        grouse-6f7d8c9b5-2k4lm  1/1     Running   0          3d
`;
const beside = (...lines: string[]) =>
  pasted({ 'pods.txt': row, 'moor_grouse-6f7d8c9b5-2k4lm_grouse.log': `${lines.join('\n')}\n` });
const at = (minute: number, words: string) => `2026-11-20T10:${String(minute).padStart(2, '0')}:00Z ${words}`;
const logfmt = (minute: number, level: string, words: string) =>
  `time="2026-11-20T10:0${minute}:00Z" level=${level} msg="${words}"`;
const times = (count: number, line: (minute: number) => string) => Array.from({ length: count }, (_, at) => line(at));

const corrupt = at(2, 'ERROR census failed: the ledger is corrupt');
const denied = 'cannot write to the ledger: permission denied';

describe('an error near the end of the log of a pod that counts as ready', () => {
  it.each([
    ['only when the next try is', [at(1, 'INFO starting the census'), corrupt, at(2, 'INFO next run 2026-11-21')]],
    ['how it gives in', [corrupt, at(3, 'INFO switching to read-only mode'), at(4, 'INFO read-only mode active')]],
    [
      'the same, in a lower voice',
      [logfmt(1, 'error', denied), logfmt(2, 'debug', denied), logfmt(3, 'debug', denied)],
    ],
    [
      'another failure, in a lower voice',
      [
        logfmt(1, 'error', 'Unable to obtain a certificate: too many certificates already issued'),
        logfmt(2, 'debug', 'http: TLS handshake error from 10.0.0.4:50312: remote error: tls: expired certificate'),
      ],
    ],
  ])('is no all-clear where the program then tells %s, and is quoted', (_, lines) => {
    const found = beside(...lines);
    expect([found.category, found.status]).toEqual(['unknown', 'abstained']);
    expect(found.evidence.map(({ quote }) => quote).join('\n')).toMatch(/corrupt|denied|certificate/);
  });

  it('is no all-clear where a program without levels tells only when the next try is', () => {
    const lines = [
      '10:14:01 starting the census',
      '10:14:02 census FAILED: the ledger is corrupt',
      '10:14:03 next run 22:00',
    ];
    expect(beside(...lines).status).toBe('abstained');
  });

  it('makes the all-clear unsure where other work goes well after it, and is quoted', () => {
    const found = beside(corrupt, at(3, 'INFO GET /nests 200'), at(4, 'INFO GET /nests 200'));
    expect([found.category, found.confidence < 0.9]).toEqual(['no_incident', true]);
    expect(found.evidence.map(({ quote }) => quote)).toContain(corrupt);
    expect(found.root_cause.description).toContain('the ledger is corrupt');
  });

  it.each([
    ['was overcome', [corrupt, at(3, 'INFO census succeeded, 40 eggs')]],
    ['came before the program was up', [corrupt, at(3, 'INFO listening on :8080'), at(4, 'INFO 40 eggs counted')]],
    ['lies long past', [corrupt, ...times(300, (minute) => at(minute % 60, 'INFO 40 eggs counted'))]],
    [
      'is one among hundreds of good lines',
      [
        ...times(200, (minute) => at(minute % 60, 'INFO 40 eggs counted')),
        corrupt,
        ...times(100, (minute) => at(minute % 60, 'INFO 40 eggs counted')),
      ],
    ],
  ])('leaves the all-clear sure where it %s', (_, lines) => {
    const found = beside(...lines);
    expect([found.category, found.confidence > 0.9]).toEqual(['no_incident', true]);
  });
});

const mongo = (minute: number) =>
  `{"t":{"$date":"2026-11-20T10:0${minute}:00.001+00:00"},"s":"I","c":"NETWORK","id":4333222,"ctx":"RSM","msg":"RSM received error response","attr":{"host":"db-0.db:27017","error":"HostUnreachable: Error connecting to db-0.db:27017 :: caused by :: Connection refused"}}`;
const refused = (minute: number) =>
  at(minute, 'INFO unable to connect to tcp://10.0.0.4:1883: connection refused, will retry');
const php = (what: string) => () => `NOTICE: PHP message: PHP ${what} in /var/www/nest.php:12`;

describe('a failure that a program tells as mere information', () => {
  it.each([
    ['in plain words', times(5, refused), 'dependency_unreachable'],
    ['in a field of the line', times(5, mongo), 'dependency_unreachable'],
    [
      'of a certificate',
      times(4, (minute) =>
        logfmt(
          minute,
          'debug',
          `http: TLS handshake error from 10.0.0.${minute}:50312: remote error: tls: expired certificate`,
        ),
      ),
      'tls_certificate_expired',
    ],
    [
      'because what runs it says all so',
      times(4, php('Fatal error:  Uncaught PDOException: SQLSTATE[HY000] [2002] Connection refused')),
      'dependency_unreachable',
    ],
  ])('is the fault where it repeats to the end, %s', (_, lines, category) => {
    expect(inShort(beside(...lines))).toBe(`${category} Deployment moor/grouse`);
  });

  it.each([
    ['a known cause, said less often', [refused(1), refused(2)]],
    ['no cause that is known', times(5, (minute) => at(minute, 'INFO counting of eggs failed: the hen refused'))],
  ])('leaves the answer open where little else is said: %s', (_, lines) => {
    expect(beside(...lines).status).toBe('abstained');
  });

  it.each([
    ['is over', [...times(5, refused), at(6, 'INFO connected to tcp://10.0.0.4:1883')]],
    ['is one of many lines', [...times(60, (minute) => at(minute % 60, 'INFO 40 eggs counted')), ...times(3, refused)]],
    ['is what a balancer does', times(5, (minute) => at(minute, 'http: TLS handshake error from 10.0.0.1:50312: EOF'))],
    ['is no failure', times(5, (minute) => at(minute, 'INFO count done ok=88 failed=0 refused=0, 0 failed'))],
    ['is a hint of PHP', times(5, php('Notice:  Undefined index: egg'))],
  ])('is none where it %s', (_, lines) => {
    expect(beside(...lines).category).toBe('no_incident');
  });
});
