import { describe, expect, it } from '@jest/globals';
import { pasted } from '../../test/pasted.ts';
import { recognise } from '../intake/recognise.ts';

const categoryOf = (...lines: string[]): string => pasted({ 'app.log': `${lines.join('\n')}\n` }).category;
const DAY = '2026-11-18';

describe('a server that was refused while it started', () => {
  const refused = (second: string, name = 'ledger', level = 'ERROR'): string =>
    `${DAY}T03:00:${second}Z ${level} ${name}: dial tcp 10.0.0.4:5432: connect: connection refused`;
  const served = (clock: string, status = 200): string => `${DAY}T${clock}Z INFO GET /parcels/7 ${status} 8ms`;

  it.each(['ledger: connected', '[ledger] connected', 'ledger is reachable again', 'ledger available again'])(
    'has got over it once it says: %s',
    (news) => {
      expect(
        categoryOf(
          refused('01'),
          refused('06'),
          `${DAY}T03:00:10Z INFO ${news}`,
          served('03:00:12'),
          served('03:00:13'),
        ),
      ).toBe('no_incident');
    },
  );

  it.each(['mailer: connected', 'ledger: not connected', 'ledger: disconnected', 'mailer available again'])(
    'has not where it says: %s',
    (news) => {
      expect(
        categoryOf(refused('01'), refused('06'), `${DAY}T03:00:10Z INFO ${news}`, `${DAY}T03:00:12Z INFO cache warmed`),
      ).toBe('dependency_unreachable');
    },
  );

  it('has got over it where it has served requests for much longer than it was refused', () => {
    const long = ['04:00:00', '05:00:00', '06:00:00'].map((clock) => served(clock));
    expect(categoryOf(refused('01'), refused('06'), ...long)).toBe('no_incident');
  });

  it('has not where it served only for moments, served failures, or complains again', () => {
    const short = ['03:00:08', '03:00:09', '03:00:11'].map((clock) => served(clock));
    expect(categoryOf(refused('01'), refused('06'), ...short)).not.toBe('no_incident');
    const failed = ['04:00:00', '05:00:00', '06:00:00'].map((clock) => served(clock, 503));
    expect(categoryOf(refused('01'), refused('06'), ...failed)).not.toBe('no_incident');
    const later = ['04:00:00', '05:00:00', '06:00:00'].map((clock) => served(clock));
    expect(
      categoryOf(
        refused('01'),
        ...later,
        `${DAY}T06:00:01Z ERROR ledger: dial tcp 10.0.0.4:5432: connect: connection refused`,
      ),
    ).not.toBe('no_incident');
  });

  it('has not where only probes were answered', () => {
    const probes = ['04:00:00', '05:00:00', '06:00:00'].map((clock) => `${DAY}T${clock}Z INFO GET /healthz 200 1ms`);
    expect(categoryOf(refused('01'), refused('06'), ...probes)).toBe('dependency_unreachable');
  });

  it('has not got over what lasts, however much it serves', () => {
    const full = `${DAY}T03:00:01Z ERROR export: write /data/out.csv: no space left on device`;
    expect(categoryOf(full, ...['04:00:00', '05:00:00', '06:00:00'].map((clock) => served(clock)))).not.toBe(
      'no_incident',
    );
  });
});

describe('a pool of connections', () => {
  const line = (clock: string, level: string, text: string): string =>
    `${DAY} ${clock}.000 ${level} 1 --- [main] ${text}`;
  const refused = line(
    '00:00:00',
    'ERROR',
    'com.zaxxer.hikari.pool.HikariPool : HikariPool-1 - Connection to ledger:5432 refused',
  );
  const added = (pool: number) =>
    line(
      '00:00:10',
      ' INFO',
      `com.zaxxer.hikari.pool.HikariPool : HikariPool-${pool} - Added connection org.postgresql.jdbc.PgConnection@1`,
    );
  const work = line('03:00:11', ' INFO', 'c.e.Parcels : parcel 991 weighed');

  it('that has a connection has got over the refusal', () => {
    expect(categoryOf(refused, added(1), work)).toBe('no_incident');
  });

  it('says nothing of another one, and nothing of what it calls by other means', () => {
    expect(categoryOf(refused, added(2), work)).toBe('dependency_unreachable');
    const other = line('00:00:00', 'ERROR', 'c.e.Mailer : Connection to mailer:2525 refused');
    expect(categoryOf(other, added(1), work)).toBe('dependency_unreachable');
  });
});

describe('a list of changes', () => {
  const answer = (name: string, ...lines: string[]) => pasted({ [name]: `${lines.join('\n')}\n` });

  it.each(['notes.txt', 'notes.log'])('is no log of the faults that it says are mended: %s', (name) => {
    const unread = (...lines: string[]) =>
      recognise({ name, text: `${lines.join('\n')}\n` }, `${DAY}T03:00:00Z`).unread;
    expect(
      unread('v2.1.0', '- fix: connection refused at ledger:5432', '- Fixed: no space left on device'),
    ).toHaveLength(1);
    expect(
      unread('a1b2c3d fix: x509: certificate has expired', '0badcafe add retries: connection refused'),
    ).toHaveLength(1);
  });

  it('is not what a program prints behind dashes, or with its time', () => {
    expect(answer('a.log', 'cannot start:', '- connection refused at ledger:5432').category).toBe(
      'dependency_unreachable',
    );
    const timed = [
      '- add 03:00:00 connection refused at ledger:5432',
      '- add 03:00:01 connection refused at ledger:5432',
    ];
    expect(answer('a.log', ...timed).category).toBe('dependency_unreachable');
  });
});

describe('a batch that is sent again', () => {
  const started = `${DAY}T03:00:00Z INFO shipper started`;
  const failed = `${DAY}T03:11:02Z ERROR connection to tcp://10.0.0.4:9200 timed out after 10 seconds (connection timeout)`;
  const again = (batch: string): string => `${DAY}T03:11:02Z WARN failed to flush batch ${batch}, retry in 8 seconds`;
  const flushed = (batch: string): string => `${DAY}T03:11:11Z INFO flush of batch ${batch} succeeded at retry 1`;
  const goesOn = `${DAY}T04:00:00Z INFO watching web.log`;

  it('takes back the failure for which it was sent again', () => {
    expect(categoryOf(started, failed, again('b-1'), flushed('b-1'), goesOn)).toBe('no_incident');
  });

  it('takes back none of another second, and none before it was sent', () => {
    const later = failed.replace('03:11:02', '03:40:00');
    expect(categoryOf(started, failed, again('b-1'), flushed('b-1'), later, goesOn)).toBe('dependency_unreachable');
    expect(categoryOf(started, failed, again('b-1'), goesOn)).toBe('dependency_unreachable');
  });
});
