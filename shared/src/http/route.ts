import { z } from 'zod';
import type { Role } from '../contracts/index.ts';

export type Actor = { id: string; roles: readonly Role[] };
export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

type Parsed<S> = S extends z.ZodType ? z.infer<S> : undefined;
export type Input<P, Q, B> = {
  params: Parsed<P>;
  query: Parsed<Q>;
  body: Parsed<B>;
  actor: Actor;
  requestId: string;
  /** The raw header, for the one route that takes another kind of token. */
  authorization: string | undefined;
  signal: AbortSignal;
  /** Where the connection comes from: the caller, or the proxy before us. */
  address: string;
};

/** A stream of server-sent events instead of one body. */
export type EventStream = AsyncIterable<{ event: string; data: unknown }>;

type Declared<P, Q, B, R> = {
  method: Method;
  path: `/${string}`;
  summary: string;
  /** The least role that may call it; `public` needs no token. */
  role: Role | 'public';
  request?: { params?: P; query?: Q; body?: B };
  response: R;
  status?: number;
  streams?: boolean;
  /** Answers with a text for people instead of JSON. */
  text?: boolean;
  /** Largest body in bytes, where it is not the usual mebibyte. */
  bodyLimit?: number;
  /** Throws where a caller is turned away before anything that it sent is read. */
  turnAway?: (address: string) => void;
  handler: (input: Input<P, Q, B>) => Promise<unknown>;
};

/** A route as the app and the OpenAPI document see it. */
export type Route = {
  method: Method;
  path: `/${string}`;
  summary: string;
  role: Role | 'public';
  request: { params?: z.ZodType | undefined; query?: z.ZodType | undefined; body?: z.ZodType | undefined };
  response: z.ZodType;
  status: number;
  streams: boolean;
  text: boolean;
  bodyLimit?: number;
  turnAway?: (address: string) => void;
  handler: (input: Input<z.ZodType, z.ZodType, z.ZodType>) => Promise<unknown>;
};

/** Declares one endpoint: what goes in is validated, what comes out is typed, both are documented. */
export function route<
  R extends z.ZodType,
  P extends z.ZodType | undefined = undefined,
  Q extends z.ZodObject | undefined = undefined,
  B extends z.ZodType | undefined = undefined,
>(declared: Declared<P, Q, B, R> & { handler: (input: Input<P, Q, B>) => Promise<z.input<R> | EventStream> }): Route {
  return {
    ...declared,
    // A filter that is misspelled would otherwise show everything.
    request: { ...declared.request, query: (declared.request?.query ?? z.object({})).strict() },
    status: declared.status ?? 200,
    streams: declared.streams ?? false,
    text: declared.text ?? false,
    handler: declared.handler as Route['handler'],
  };
}
