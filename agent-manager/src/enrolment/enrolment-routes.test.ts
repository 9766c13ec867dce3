import { createLogger } from '@aetherius/shared/log';
import { createMetrics } from '@aetherius/shared/metrics';
import { describe, expect, it, jest } from '@jest/globals';
import { enrolmentRoutes } from './enrolment-routes.ts';

describe('the door for agents', () => {
  it('turns away who asks too often before anything is looked at', async () => {
    const admit = jest.fn();
    const metrics = createMetrics('test');
    const unused = {} as never;
    const routes = enrolmentRoutes({
      db: unused,
      store: unused,
      trail: unused,
      random: unused,
      newId: unused,
      now: unused,
      door: unused,
      closeRevoked: unused,
      admissions: { admit } as never,
      metrics,
      allowed: (address) => address !== '10.0.0.1',
      log: createLogger('test', 'silent'),
    });
    const enrol = routes.find(({ path }) => path === '/api/v1/enroll');
    expect(() => enrol?.turnAway?.('10.0.0.1')).toThrow(expect.objectContaining({ code: 'too_many', status: 429 }));
    expect(() => enrol?.turnAway?.('10.0.0.2')).not.toThrow();
    expect(admit).not.toHaveBeenCalled();
    expect(await metrics.getSingleMetricAsString('aetherius_manager_enrolments_total')).toContain('outcome="too_many"');
  });
});
