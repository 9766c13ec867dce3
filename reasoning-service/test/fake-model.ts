import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the fake model does with the next call; the last one repeats. */
export type Turn =
  | { says: string; tokens?: number }
  | { status: number; retryAfter?: string }
  | 'hangs'
  | 'cut off'
  | 'no json'
  | 'another shape'
  | 'refuses'
  | 'runs out'
  | 'never ends';
export type Protocol = 'anthropic' | 'openai';

const MODEL = 'fake-1';
const USED = { input: 120, output: 40 };

const anthropic = (text: string, stop: string, tokens = USED.output) => ({
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  model: MODEL,
  content: stop === 'refusal' ? [] : [{ type: 'text', text }],
  stop_reason: stop,
  stop_sequence: null,
  usage: { input_tokens: USED.input, output_tokens: tokens },
});
const openai = (text: string, stop: string, tokens = USED.output) => ({
  model: MODEL,
  choices: [
    {
      index: 0,
      finish_reason: stop === 'max_tokens' ? 'length' : 'stop',
      message: {
        role: 'assistant',
        content: stop === 'refusal' ? null : text,
        refusal: stop === 'refusal' ? 'no' : null,
      },
    },
  ],
  usage: { prompt_tokens: USED.input, completion_tokens: tokens },
});

const paths = { anthropic: '/v1/messages', openai: '/v1/chat/completions' };
const shapes = { anthropic, openai };

/** An HTTP server that speaks one of the two APIs as told, and keeps what it was sent. */
export async function fakeModel(protocol: Protocol) {
  const bodies: string[] = [];
  const headers: IncomingMessage['headers'][] = [];
  let turns: Turn[] = [];
  const respond = (request: IncomingMessage, response: ServerResponse, body: string) => {
    bodies.push(body);
    headers.push(request.headers);
    const turn = (turns.length > 1 ? turns.shift() : turns[0]) ?? 'hangs';
    if (request.url === paths[protocol]) take(response, turn, shapes[protocol]);
    else answer(response, 404, '');
  };
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (part) => {
      body += part;
    });
    request.on('end', () => respond(request, response, body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    bodies,
    headers,
    will: (...next: Turn[]) => {
      turns = next;
      bodies.length = 0;
      headers.length = 0;
    },
    stop: () => {
      server.closeAllConnections();
      return new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

const answer = (response: ServerResponse, status: number, body: string, headers: Record<string, string> = {}): void => {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body);
};

type Shape = (text: string, stop: string, tokens?: number) => object;
type Word = Extract<Turn, string>;

const words: Record<Word, (response: ServerResponse, shape: Shape) => void> = {
  hangs: () => undefined,
  'cut off': (response) => void response.destroy(),
  'no json': (response) => answer(response, 200, '<html>busy</html>'),
  'another shape': (response) => answer(response, 200, '{"ok":true}'),
  refuses: (response, shape) => answer(response, 200, JSON.stringify(shape('', 'refusal'))),
  'runs out': (response, shape) => answer(response, 200, JSON.stringify(shape('{"claims":[{"sta', 'max_tokens'))),
  'never ends': (response) => endless(response),
};

function take(response: ServerResponse, turn: Turn, shape: Shape): void {
  if (typeof turn === 'string') words[turn](response, shape);
  else if ('says' in turn) answer(response, 200, JSON.stringify(shape(turn.says, 'end_turn', turn.tokens)));
  else {
    const error = JSON.stringify({ type: 'error', error: { type: 'x', message: 'the key sk-abc is wrong' } });
    answer(response, turn.status, error, turn.retryAfter === undefined ? {} : { 'retry-after': turn.retryAfter });
  }
}

function endless(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/json' });
  const more = () => {
    while (!response.destroyed && response.write(' '.repeat(64 * 1024)));
    response.once('drain', more);
  };
  more();
}
