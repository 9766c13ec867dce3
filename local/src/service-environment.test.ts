import { describe, expect, it } from '@jest/globals';
import { serviceEnvironment } from './service-environment.ts';

describe('the environment of a service', () => {
  it('passes on what a person may set for the services', () => {
    expect(serviceEnvironment({ PATH: '/bin', LOG_LEVEL: 'debug', TZ: undefined }, {})).toEqual({
      PATH: '/bin',
      LOG_LEVEL: 'debug',
    });
  });

  it('keeps back what would lead a service to another cluster, database or policy', () => {
    const shell = {
      KUBE_SERVER: 'https://production',
      KUBECONFIG: '/root/.kube/config',
      POLICY_FILE: '/tmp/policy',
      ALLOW_CHANGES: 'true',
      DATABASE_URL: 'postgres://elsewhere',
      NATS_CREDS: '/tmp/creds',
    };
    expect(serviceEnvironment(shell, {})).toEqual({});
  });

  it('lets what the fleet sets win', () => {
    expect(serviceEnvironment({ LOG_LEVEL: 'debug' }, { LOG_LEVEL: 'info', KUBE_SERVER: 'http://here' })).toEqual({
      LOG_LEVEL: 'info',
      KUBE_SERVER: 'http://here',
    });
  });
});
