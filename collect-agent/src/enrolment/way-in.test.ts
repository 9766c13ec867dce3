import { expect, it } from '@jest/globals';
import { wayInOf } from './way-in.ts';

const enrolment = { wayIn: Promise.resolve({ url: 'tls://bus.example.com:4222', ca: 'authority' }) };

it('goes where the manager says, unless this agent has a way of its own', async () => {
  expect(await wayInOf({}, enrolment)).toEqual({ url: 'tls://bus.example.com:4222', ca: 'authority' });
  expect(await wayInOf({ NATS_URL: 'tls://nats:4222' }, enrolment)).toEqual({
    url: 'tls://nats:4222',
    ca: 'authority',
  });
});

it('takes the credentials that were given where nobody enrols', async () => {
  const given = { NATS_URL: 'nats://127.0.0.1:4222', NATS_CREDS: '/creds' };
  expect(await wayInOf(given, undefined)).toEqual({ url: 'nats://127.0.0.1:4222', creds: '/creds' });
});
