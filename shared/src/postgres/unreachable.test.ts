import { describe, expect, it } from '@jest/globals';
import { unreachable, whyUnreachable } from './unreachable.ts';

const failure = (message: string, more: object = {}) => Object.assign(new Error(message), more);

describe('why there is no session with the database', () => {
  it.each([
    ['SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be a string', {}, true, 'give DATABASE_URL a password'],
    ['password authentication failed', { code: '28P01' }, true, 'correct user, password'],
    ['The server does not support SSL connections', {}, true, 'switch TLS on at the server'],
    ['ENOENT: no such file', { code: 'ENOENT', syscall: 'open' }, true, 'sslrootcert'],
    ['EISDIR: illegal operation on a directory, read', { code: 'EISDIR', syscall: 'read' }, true, 'sslrootcert'],
    ['read ECONNRESET', { code: 'ECONNRESET', syscall: 'read' }, false, 'start the database'],
    ['connect ENOENT /var/run/.s.PGSQL.5432', { code: 'ENOENT', syscall: 'connect' }, false, 'start the database'],
    ['Connection terminated due to connection timeout', {}, false, 'host and port of a Postgres'],
    ['remaining connection slots are reserved', { code: '53300' }, false, 'raise max_connections'],
    ['too many connections for role "a"', { code: '53300' }, false, 'the connection limit of this user'],
    ['', { code: 'ECONNREFUSED' }, false, 'start the database'],
  ])('%s', (message, more, lasting, words) => {
    const why = whyUnreachable(failure(message, more));
    expect(why).toMatchObject({ lasting, way_out: expect.stringContaining(words) });
    expect(why.reason).not.toBe('');
  });

  it('is told with the place, and without the password', () => {
    const told = unreachable('postgres://a:secret@h:1/x', failure('refused')).message;
    expect(told).toContain('at: h:1/x');
    expect(told).not.toContain('secret');
  });
});
