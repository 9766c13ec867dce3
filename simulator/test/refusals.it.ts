import { describe, expect, it } from '@jest/globals';
import { podBody, pods, runningServer } from './running-server.ts';

const { call } = runningServer();

describe('requests that are wrong', () => {
  it.each([
    ['malformed JSON', () => call('POST', pods, '{"kind":'), 400, /not valid JSON/],
    ['no body', () => call('POST', pods), 400, /no body/],
    [
      'another kind',
      () => call('POST', pods, { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'a' } }),
      400,
      /Secret/,
    ],
    ['an unknown kind', () => call('GET', '/apis/example.com/v1/widgets'), 404, /could not find/],
    [
      'an unknown namespace',
      () => call('POST', '/api/v1/namespaces/no/pods', podBody('a')),
      404,
      /namespaces "no" not found/,
    ],
    [
      'no containers',
      () => call('POST', pods, { metadata: { name: 'a' }, spec: {} }),
      422,
      /spec.containers: Required value/,
    ],
    ['a bad name', () => call('POST', pods, podBody('Web_1')), 422, /metadata.name: Invalid value: "Web_1"/],
    ['a bad selector', () => call('GET', `${pods}?labelSelector=a%20b%20c`), 400, /not a label selector/],
    ['a version of the future', () => call('GET', `${pods}?resourceVersion=999`), 504, /Too large resource version/],
    [
      'server-side apply',
      () => call('PATCH', `${pods}/a`, {}, { 'content-type': 'application/apply-patch+yaml' }),
      415,
      /client-side/,
    ],
    ['a body without end', () => call('POST', pods, `"${'x'.repeat(3_200_000)}"`), 413, /too large/],
  ])('%s', async (_case, send, code, message) => {
    const answer = await send();
    expect(answer.code).toBe(code);
    expect(answer.body).toMatchObject({
      kind: 'Status',
      status: 'Failure',
      code,
      message: expect.stringMatching(message),
    });
  });
});
