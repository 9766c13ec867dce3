import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createKubeClient, type KubeClient } from '../kube/client.ts';
import { readServiceAccount } from './service-account.ts';

describe('what a pod shows of its service account', () => {
  const folder = mkdtempSync(join(tmpdir(), 'aetherius-account-'));
  const file = join(folder, 'token');
  let answer: string;
  let warnings: number;
  let client: KubeClient;
  // As an API server does: its keys are of a type of their own, and whoever wants another gets 406.
  const apiServer = createServer(({ headers }, response) => {
    const type = 'application/jwk-set+json';
    const fits = headers.accept?.includes('*/*') === true || headers.accept?.includes(type) === true;
    response.writeHead(fits ? 200 : 406, { 'content-type': type }).end(fits ? answer : '{"code":406}');
  });
  const log = {
    warn: () => {
      warnings += 1;
    },
  };
  const read = (from = file) => readServiceAccount({ client, file: from, log });

  beforeAll(async () => {
    await new Promise<void>((resolve) => apiServer.listen(0, '127.0.0.1', resolve));
    client = createKubeClient({ server: `http://127.0.0.1:${(apiServer.address() as AddressInfo).port}` });
    writeFileSync(file, 'a.b.c\n');
  });
  afterAll(async () => {
    client.stop();
    await new Promise((resolve) => apiServer.close(resolve));
    rmSync(folder, { recursive: true });
  });
  beforeEach(() => {
    answer = '{"keys":[{"kty":"RSA"}]}';
    warnings = 0;
  });

  it("is its token and the cluster's keys", async () => {
    expect(await read()).toEqual({ token: 'a.b.c', jwks: { keys: [{ kty: 'RSA' }] } });
    expect(warnings).toBe(0);
  });

  it('is nothing outside of a pod', async () => {
    expect(await read(join(folder, 'none'))).toBeNull();
    expect(warnings).toBe(0);
  });

  it.each(['{"keys":[]}', 'not JSON'])('is nothing, and that is told, where the keys are %s', async (keys) => {
    answer = keys;
    expect(await read()).toBeNull();
    expect(warnings).toBe(1);
  });
});
