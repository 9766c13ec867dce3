import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from '@jest/globals';
import { askManager } from './ask-manager.ts';

const request = {
  cluster_id: 'east',
  public_key: 'U',
  at: new Date(0).toISOString(),
  token: 'once',
  signature: 's',
  service_account: null,
};
let server = createServer();
afterEach(() => void server.close());

/** What an agent is told by something that answers so. */
async function told(status: number, body: unknown): Promise<string> {
  server = createServer((_, answer) => {
    answer.writeHead(status).end(typeof body === 'string' ? body : JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return askManager(url, request).then(
    () => 'let in',
    (error: Error) => error.message,
  );
}
const problem = (code: string, more: object = {}) => ({ code, title: 'No', ...more });
const refused = (field: string) => problem('enrolment_refused', { errors: [{ field, message: 'is not known' }] });

it.each([
  ['another service', 404, problem('not_found'), 'way_out: set ENROL_URL to the agent-manager'],
  ['another program', 404, '<html>', 'way_out: set ENROL_URL to the agent-manager'],
  ['another program that takes everything', 200, {}, 'way_out: set ENROL_URL to the agent-manager'],
  ['a gateway before nothing', 502, '<html>', 'way_out: start the agent-manager, or set ENROL_URL'],
  ['a manager that does not know the token', 403, refused('body.token'), 'way_out: put a fresh token'],
  ['a manager that shut the key out', 403, problem('key_revoked'), 'way_out: put a fresh token'],
  ['a manager of another time', 403, refused('body.at'), 'way_out: set the clocks'],
  [
    'a manager without keys',
    503,
    problem('unavailable', { detail: 'No (way_out: set NATS_ISSUER_FILE)' }),
    'set NATS_I',
  ],
])('%s is told with what helps', async (_who, status, body, words) => {
  const said = await told(status, body);
  expect(said).toContain(words);
  expect(said).not.toContain('fields: []');
});

it('nobody at all is told with what helps', async () => {
  const said = await askManager('http://127.0.0.1:1', request).catch((error: Error) => error.message);
  expect(said).toMatch(/ECONNREFUSED.*way_out: start the agent-manager, or set ENROL_URL/);
});
