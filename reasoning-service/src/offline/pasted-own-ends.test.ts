import { describe, expect, it } from '@jest/globals';
import { pasted } from '../../test/pasted.ts';

const name = 'loom-6b8c9d7f55-k9mvz';
const row = (ready: string, status: string, restarts: string) =>
  `NAME                    READY   STATUS   RESTARTS   AGE\n${name}   ${ready}     ${status}   ${restarts}   71m\n`;
const up = row('1/1', 'Running', '6 (3m4s ago)');
const looping = row('0/1', 'CrashLoopBackOff', '6 (34s ago)');
const before = (...lines: string[]) => ({ [`mill_${name}_loom_previous.log`]: `${lines.join('\n')}\n` });
const heap = 'FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory';
const v8 = [
  'GET /cloth 200 in 31ms',
  '<--- Last few GCs --->',
  '[7:0x6f1a2b0]   91200 ms: Scavenge 4031.2 (4100.1) -> 4030.9 (4100.4) MB, 3.1 / 0.0 ms  (average mu = 0.2, current mu = 0.1) allocation failure;',
  '<--- JS stacktrace --->',
  heap,
  '----- Native stack trace -----',
  ' 1: 0xb1 node::Abort() [node]',
];

describe('a container that is up between two ends', () => {
  it.each([
    ['ready for now', up],
    ['in its back-off', looping],
  ])('is told by the last words of the run before, %s', (_, pods) => {
    const found = pasted({ 'pods.txt': pods, ...before(...v8) });
    expect([found.status, found.category]).toEqual(['answered', 'crash_loop_app_error']);
    expect(found.root_cause?.description).toContain(heap);
    expect(found.evidence.map(({ quote }) => quote)).toContain(heap);
  });

  it('is told by the dependency that its last words name', () =>
    expect(
      pasted({ 'pods.txt': up, ...before('starting', 'Error: connect ECONNREFUSED 10.1.2.3:5432') }).category,
    ).toBe('dependency_unreachable'));

  it('is no answer where its last words complain of nothing', () => {
    const found = pasted({ 'pods.txt': up, ...before('ready', 'drew 31 threads') });
    expect(found.status).toBe('abstained');
    expect(found.root_cause?.description).toContain('drew 31 threads');
  });

  it('fares well where it was started anew long ago', () =>
    expect(pasted({ 'pods.txt': row('1/1', 'Running', '6 (9h ago)'), ...before(...v8) }).category).toBe('no_incident'));
});

describe('a schema that is not the one that a program wants', () => {
  it.each([
    [
      'Rails',
      [
        "/gems/migration.rb:739:in `check_pending_migrations': Migrations are pending. To resolve this issue, run: (ActiveRecord::PendingMigrationError)",
        '',
        '        bin/rails db:migrate',
        '',
        'You have 1 pending migration:',
        '',
        '20260101_add_threads.rb',
      ],
      'Migrations are pending',
    ],
    [
      'Django',
      [
        'You have 3 unapplied migration(s). Your project may not work properly until you apply the migrations for app(s): looms.',
        "Run 'python manage.py migrate' to apply them.",
      ],
      'unapplied migration',
    ],
    [
      'Alembic',
      ['INFO  [alembic.runtime.migration] Context impl.', 'Target database is not up to date.'],
      'not up to date',
    ],
    [
      'Prisma',
      [
        'Error: P3009',
        '',
        'migrate found failed migrations in the target database, new migrations will not be applied.',
      ],
      'P3009',
    ],
    ['golang-migrate', ['error: Dirty database version 12. Fix and force version.', 'exiting'], 'Dirty database'],
    [
      'Flyway',
      [
        'ERROR: Validate failed: Migrations have failed validation',
        'Detected failed migration to version 7 (threads).',
      ],
      'Validate failed',
    ],
  ])('%s is quoted in its own words', (_, lines, words) => {
    const found = pasted({ 'pods.txt': looping, ...before(...lines) });
    expect([found.status, found.category]).toEqual(['answered', 'crash_loop_app_error']);
    expect(found.root_cause?.description).toContain(words);
  });

  it('is not what a tool tells that has nothing to do', () => {
    const calm = [
      '2026-11-20T10:00:00Z INFO No pending migrations to apply.',
      '2026-11-20T10:00:01Z INFO listening on 8080',
    ];
    expect(pasted({ 'app.log': `${calm.join('\n')}\n` }).category).toBe('no_incident');
  });
});

describe('an end without a log', () => {
  const ended = (...codes: number[]) =>
    pasted({
      'pod.json': JSON.stringify({
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name, namespace: 'mill' },
        spec: { containers: [{ name: 'loom', image: 'loom:1' }] },
        status: {
          phase: 'Running',
          conditions: [{ type: 'Ready', status: 'False', lastTransitionTime: '2026-11-20T09:00:00Z' }],
          containerStatuses: [
            {
              name: 'loom',
              ready: false,
              restartCount: 8,
              state:
                codes[1] === undefined
                  ? { waiting: { reason: 'CrashLoopBackOff' } }
                  : { terminated: { exitCode: codes[1], reason: 'Error' } },
              lastState: { terminated: { exitCode: codes[0] ?? 0, reason: 'Error' } },
            },
          ],
        },
      }),
    });

  it.each([[139], [134], [132], [136]])('is the fault of the program itself by exit code %i', (code) => {
    const found = ended(code);
    expect([found.status, found.category]).toEqual(['answered', 'crash_loop_app_error']);
    expect(found.evidence.map(({ quote }) => quote).join()).toContain(`exitCode: ${code}`);
  });

  it.each([[[137]], [[143]], [[1]], [[139, 137]]])('leaves open why by exit codes %j', (codes) =>
    expect(ended(...codes).status).toBe('abstained'),
  );
});
