import { describe, expect, it } from '@jest/globals';
import { judgeAudit } from './audit-report.ts';

const report = (...severities: string[]) =>
  JSON.stringify({
    auditReportVersion: 2,
    vulnerabilities: Object.fromEntries(
      severities.map((severity, index) => [`p${index}`, { name: `p${index}`, severity, range: '<2.0.0' }]),
    ),
  });

describe('judgeAudit', () => {
  it('passes when nothing grave is known', () => {
    expect(judgeAudit(report())).toEqual({ outcome: 'passed', lines: [] });
    expect(judgeAudit(report('low', 'moderate'))).toMatchObject({ outcome: 'passed', lines: [expect.any(String)] });
  });

  it.each(['high', 'critical'])('fails with a weakness that is %s, and names it', (severity) => {
    expect(judgeAudit(report('low', severity))).toMatchObject({
      outcome: 'failed',
      lines: [`${severity}: p1 <2.0.0`, expect.stringContaining('1 of lower severity')],
    });
  });

  it.each([
    ['{"message": "405 Method Not Allowed", "statusCode": 405}', '405 Method Not Allowed'],
    ['', 'npm gave no report'],
    ['{"auditReportVersion": 3, "vulnerabilities": {}}', 'npm gave no report'],
  ])('never takes %j for good news', (output, reason) => {
    expect(judgeAudit(output)).toEqual({ outcome: 'skipped', lines: [expect.stringContaining(reason)] });
  });
});
