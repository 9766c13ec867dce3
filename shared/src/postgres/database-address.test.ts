import { describe, expect, it } from '@jest/globals';
import { addressProblem, hasEmptyPassword, withPlainMode } from './database-address.ts';

describe('the address of a database', () => {
  it.each([
    'postgres://a:p@h/x',
    'postgresql://a@h:5432/x?sslmode=verify-full&sslrootcert=/ca.pem',
    'postgres://a:p%2Fw%40%E2%82%AC@h/x',
    'postgres://a:p@w@h/x',
    'postgres://a:100%@h/x',
    'postgres://h/x?user=a@b&password=p',
    'postgres://a:p@/x?host=/var/run/postgresql',
    'postgres:///x?host=/var/run/postgresql',
    'postgres://a:p@[::1]:5432/x',
    'postgres://a:@h/x',
    'postgres://a:p,w@h/x',
    'postgres://h/x?user=a@b,c',
  ])('%s is one', (text) => {
    expect(addressProblem(text)).toBeUndefined();
  });

  it.each([
    ['db:5432', 'must be a postgres:// address'],
    ['mysql://a:secret@h/x', 'must be a postgres:// address'],
    ['postgres://a:secret/w@h/x', 'escape the password'],
    ['postgres://a:secret?w@h/x', 'escape the password'],
    ['postgres://a:secret#w@h/x', 'escape the password'],
    ['postgres://a:12/w@h/x', 'escape the password'],
    ['postgres://a:12?w@h/x', 'escape the password'],
    ['postgres://a:12#w@h/x', 'escape the password'],
    ['postgres://a:secret%E9@h/x', 'escape the password'],
    ['postgres://h:port/x', 'the port must be a number'],
    ['postgres://a:secret@h:99999/x', 'the port must be a number'],
    ['postgres://a:secret', 'the port must be a number'],
    ['postgres://a:secret@h1:1,h2:2/x', 'names several hosts'],
    ['postgres://a:secret@h1,h2/x', 'names several hosts'],
    ['postgres://a:12,34/w@h/x', 'escape the password'],
    ['postgres://a:secret@h/x?sslmode=foo', 'sslmode must be one of disable, prefer, require'],
  ])('%s is none', (text, words) => {
    expect(addressProblem(text)).toContain(words);
    expect(addressProblem(text)).not.toContain('secret');
  });

  it.each([
    ['postgres://a:@h/x', true],
    ['postgres://a@h/x', false],
    ['postgres://a:p@h:1/x', false],
    ['postgres://h:1/x?user=a:@b', false],
  ])('%s has an empty password: %s', (text, isEmpty) => {
    expect(hasEmptyPassword(text)).toBe(isEmpty);
  });
});

it.each([
  ['postgres://h/x?sslmode=require', 'postgres://h/x?sslmode=verify-full'],
  ['postgres://h/x?a=b&sslmode=prefer&c=d', 'postgres://h/x?a=b&sslmode=verify-full&c=d'],
  ['postgres://u:p@/x?host=/run&sslmode=verify-ca', 'postgres://u:p@/x?host=/run&sslmode=verify-full'],
])('a mode that the client takes for another is given as that: %s', (given, taken) => {
  expect(withPlainMode(given)).toBe(taken);
});

it.each(['disable', 'no-verify', 'verify-full', 'require&uselibpqcompat=true'])('%s stays as it is', (mode) => {
  expect(withPlainMode(`postgres://h/x?sslmode=${mode}`)).toBe(`postgres://h/x?sslmode=${mode}`);
});
