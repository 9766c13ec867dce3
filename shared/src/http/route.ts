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
  handler: (input: Input<z.ZodType, z.ZodType, z.ZodType>) => Promise<unknown>;
};

/** Declares one endpoint: what goes in is validated, what comes out is typed, both are documented. */
export function route<
  R extends z.ZodType,
  P extends z.ZodType | undefined = undefined,
  Q extends z.ZodType | undefined = undefined,
  B extends z.ZodType | undefined = undefined,
>(declared: Declared<P, Q, B, R> & { handler: (input: Input<P, Q, B>) => Promise<z.input<R> | EventStream> }): Route {
  return {
    ...declared,
    request: declared.request ?? {},
    status: declared.status ?? 200,
    streams: declared.streams ?? false,
    handler: declared.handler as Route['handler'],
  };
}

/** One page of a list; `next_cursor` is null on the last one. */
export const page = <S extends z.ZodType>(items: S) =>
  z.object({ items: z.array(items), next_cursor: z.string().nullable() });

/** Page size and place of every list. */
export const pageQuery = {
  limit: z.coerce.number().int().min(1).max(500).default(50),
  cursor: z.string().max(500).optional(),
};

/** A place in a list as an opaque word: the sort key of the last row. */
export const encodeCursor = (key: readonly (string | number)[]): string =>
  Buffer.from(JSON.stringify(key)).toString('base64url');

/** The sort key back, or undefined when the word is not one of ours. */
export function decodeCursor(cursor: string): string[] | undefined {
  try {
    const key: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    return Array.isArray(key) && key.every((part) => ['string', 'number'].includes(typeof part))
      ? key.map(String)
      : undefined;
  } catch {
    return undefined;
  }
}
