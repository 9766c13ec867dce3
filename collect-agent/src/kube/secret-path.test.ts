import { describe, expect, it } from '@jest/globals';
import { reachesSecrets } from './secret-path.ts';

describe('paths of Secrets', () => {
  it.each([
    '/api/v1/secrets',
    '/api/v1/namespaces/shop/secrets',
    '/api/v1/namespaces/shop/secrets/db',
    '/api/v1/watch/secrets',
    '/api/v1/watch/namespaces/shop/secrets/db',
    '/api/v1/namespaces/shop/pods/../secrets/db',
    '/api/v1/namespaces/shop/%73ecrets',
    '/api/v1/namespaces/shop%2fsecrets',
    '/api/v1//namespaces/shop//secrets',
    '/api/v1/namespaces/shop/SECRETS',
    '/api/v1/namespaces/default/services/https:kubernetes:443/proxy/api/v1/secrets',
    '/api/v1/%',
  ])('%s is refused', (path) => {
    expect(reachesSecrets(path)).toBe(true);
  });

  it.each([
    '/api/v1/pods',
    '/api/v1/namespaces/secrets',
    '/api/v1/namespaces/secrets/pods',
    '/api/v1/namespaces/shop/pods/secrets',
    '/apis/apps/v1/namespaces/shop/deployments/secrets',
    '/version',
  ])('%s is not one', (path) => {
    expect(reachesSecrets(path)).toBe(false);
  });
});
