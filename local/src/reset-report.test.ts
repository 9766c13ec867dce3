import { describe, expect, it } from '@jest/globals';
import { resetReport } from './reset-report.ts';

const found = { removed: ['/srv/a/data', '/srv/a/demo'], reaped: [], cache: '/srv/a/cache' };

describe('resetReport', () => {
  it('names what was removed and what stays', () => {
    const lines = resetReport(found, {});
    expect(lines.join('\n')).toMatch(/Removed \/srv\/a\/data.*\nRemoved \/srv\/a\/demo.*\n.*stay in \/srv\/a\/cache/);
    expect(lines.join('\n')).not.toContain('DATABASE_URL');
  });

  it('claims nothing of what others keep', () => {
    const text = resetReport(found, { DATABASE_URL: 'postgres://db', NATS_URL: 'nats://bus', REDIS_URL: ' ' }).join(
      '\n',
    );
    expect(text).toMatch(/Not touched: what is kept at DATABASE_URL and NATS_URL/);
    expect(text).not.toContain('postgres://db');
  });

  it('says what was ended, and that there was nothing to remove', () => {
    expect(resetReport({ ...found, reaped: ['nats', 'collect-agent'] }, {}).at(0)).toContain('nats, collect-agent');
    expect(resetReport({ ...found, removed: [] }, {}).at(0)).toContain('nothing');
  });
});
