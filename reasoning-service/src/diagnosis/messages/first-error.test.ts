import { describe, expect, it } from '@jest/globals';
import { statementsOf } from './log-line.ts';
import { firstCause, firstComplaint } from './log-signature.ts';

const cause = (...lines: string[]) => firstCause(statementsOf(lines));

describe('the first error before an end', () => {
  const said = (...lines: string[]) => firstComplaint(statementsOf(lines))?.text;

  it.each([
    ['flag provided but not defined: -listen.adress', 'Usage of /srv/press:', '  -listen.address string'],
    ["unknown shorthand flag: 'q' in -q", 'Usage:', '  press run [flags]'],
    ["press: unrecognized option '--sped'", 'Usage: press [OPTION]...'],
    ["Unrecognized VM option 'UseFastCollector'", 'Error: Could not create the Java Virtual Machine.'],
    ['2026-02-03T04:05:06Z\terror\tfailed to open press: bad plate at line 7', 'Error: failed to open press'],
  ])('is quoted, and not what follows from it: %s', (...lines) => expect(said(...lines)).toBe(lines[0]));

  it('is what was raised below where the head does not say it', () => {
    expect(said('ERROR the press does not start', 'Error: plate 7 is cracked')).toBe('Error: plate 7 is cracked');
  });
});

describe('the API server that does not know its caller', () => {
  it.each([
    'failed to get server groups: the server has asked for the client to provide credentials',
    'reflector.go:147] failed to list *v1.Node: Unauthorized',
  ])('is told by %s', (line) =>
    expect(cause(`E0203 04:05:06.1 1 main.go:4] ${line}`)?.category).toBe('rbac_forbidden'),
  );
  it('is another than a server that answers its own client so', () => {
    expect(cause('ERROR GET /orders: 401 Unauthorized')?.category).not.toBe('rbac_forbidden');
  });
});
