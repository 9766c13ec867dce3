import { createSocket } from 'node:dgram';
import { Resolver } from 'node:dns/promises';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { dnsAnswer } from './dns-answer.ts';

const addresses = new Map([['bus.aetherius.svc.cluster.local', '10.96.0.21']]);

describe('the names of the bed', () => {
  const server = createSocket('udp4');
  const resolver = new Resolver({ timeout: 1_000, tries: 1 });

  beforeAll(async () => {
    server.on('message', (question, { port, address }) => server.send(dnsAnswer(question, addresses), port, address));
    server.bind(0, '127.0.0.1');
    await once(server, 'listening');
    resolver.setServers([`127.0.0.1:${server.address().port}`]);
  });
  afterAll(() => void server.close());

  it('have the address that they were given, however they are written', async () => {
    expect(await resolver.resolve4('bus.aetherius.svc.cluster.local')).toEqual(['10.96.0.21']);
    expect(await resolver.resolve4('Bus.Aetherius.SVC.cluster.local')).toEqual(['10.96.0.21']);
  });

  it('have no address of version 6', async () => {
    await expect(resolver.resolve6('bus.aetherius.svc.cluster.local')).rejects.toMatchObject({ code: 'ENODATA' });
  });

  it('are no others', async () => {
    await expect(resolver.resolve4('example.com')).rejects.toMatchObject({ code: 'ENOTFOUND' });
  });
});
