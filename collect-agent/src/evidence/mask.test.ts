import { describe, expect, it } from '@jest/globals';
import { looksSecret, maskedObject } from './mask.ts';

describe('an object as evidence', () => {
  it('loses its bookkeeping and the values of variables that look secret, at any depth', () => {
    const container = {
      name: 'app',
      env: [
        { name: 'API_TOKEN', value: 'abc' },
        { name: 'MODE', value: 'fast' },
      ],
    };
    const last = { 'kubectl.kubernetes.io/last-applied-configuration': '{"password":"x"}', team: 'shop' };
    const object = {
      metadata: { name: 'cart', managedFields: [{ manager: 'kubectl' }], annotations: last },
      spec: { template: { spec: { containers: [container] } } },
    };
    expect(maskedObject(object)).toEqual({
      metadata: { name: 'cart', annotations: { team: 'shop' } },
      spec: {
        template: {
          spec: {
            containers: [
              {
                name: 'app',
                env: [
                  { name: 'API_TOKEN', value: '[redacted]' },
                  { name: 'MODE', value: 'fast' },
                ],
              },
            ],
          },
        },
      },
    });
  });

  it('loses annotations and arguments whose names look secret', () => {
    const object = {
      metadata: { annotations: { 'example.com/api-token': 'abc', team: 'shop' }, labels: { auth: 'none' } },
      args: ['--password', 'hunter2', '--db-token=abc', '--verbose', '--api-key', '--port', '80'],
    };
    expect(maskedObject(object)).toEqual({
      metadata: { annotations: { 'example.com/api-token': '[redacted]', team: 'shop' }, labels: { auth: 'none' } },
      args: ['--password', '[redacted]', '--db-token=[redacted]', '--verbose', '--api-key', '--port', '80'],
    });
  });

  it('keeps where a secret value comes from', () => {
    const env = { name: 'DB_PASSWORD', valueFrom: { secretKeyRef: { name: 'db', key: 'password' } } };
    expect(maskedObject(env)).toEqual(env);
  });

  it.each(['ENCRYPTION_KEY', 'STRIPE_KEY', 'PGPASS', 'DB_PASSWORD', 'API_TOKEN', 'signing-key'])(
    "%s is nobody's business",
    (name) => expect(looksSecret(name)).toBe(true),
  );

  it.each(['MODE', 'KEYBOARD', 'MONKEY', 'PASSENGERS', 'PAYMENT_TIMEOUT'])('%s may be shown', (name) =>
    expect(looksSecret(name)).toBe(false),
  );
});
