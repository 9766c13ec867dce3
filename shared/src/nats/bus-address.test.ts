import { describe, expect, it } from '@jest/globals';
import { BusAddress } from './bus-address.ts';

const reasonFor = (text: string) => BusAddress.safeParse(text).error?.issues[0]?.message;

describe('an address of the bus', () => {
  it.each([
    ['nats://bus:4222', 'nats://bus:4222'],
    ['tls://bus.example.com', 'tls://bus.example.com'],
    ['nats://user:word@10.0.0.1:4222/', 'nats://user:word@10.0.0.1:4222/'],
    ['tls://[2001:db8::1]:4222', 'tls://[2001:db8::1]:4222'],
    ['wss://bus.example.com:443', 'wss://bus.example.com:443'],
    ['wss://bus.example.com/nats', 'wss://bus.example.com/nats'],
    ['nats://a:4222, nats://b:4222 ,tls://c:4222', 'nats://a:4222,nats://b:4222,tls://c:4222'],
  ])('takes %s', (given, taken) => expect(BusAddress.parse(given)).toBe(taken));

  it.each([
    'http://bus:4222',
    'https://bus',
    'bus:4222',
    'nats://',
    'nats://a:4222,',
    'nats://a,http://b',
    'tls://a;evil/x',
    'redis://bus',
  ])('refuses %s', (given) => expect(reasonFor(given)).toContain('must be an address of the bus'));

  it('refuses WebSockets beside other addresses', () =>
    expect(reasonFor('nats://a:4222,wss://b')).toContain('must not name WebSockets'));
});
