import type { ApiError } from '../store/api-error.ts';
import type { RequestInfo } from './request-info.ts';

/** Who makes a request. */
export type User = { name: string; groups: string[] };

/** What a request would do, as authorization sees it; a path alone for what is not a resource. */
export type Attributes =
  | { verb: string; group: string; resource: string; subresource?: string; namespace?: string; name?: string }
  | { verb: string; path: string };

/** Names one container whose output is read. */
export type LogQuery = { namespace: string; pod: string; container: string; previous: boolean };

/** Where a fault can strike: before a request is handled, or before something is written to a watch. */
export type FaultPoint = 'request' | 'watch';

/** An answer to give instead, `silence` to say nothing, or `cut` to break the connection. */
export type Fault = ApiError | 'silence' | 'cut';

/** What a test or a demo plugs into the API server; without a hook everybody may do everything and nothing fails. */
export type Hooks = {
  /** The user behind a bearer token; undefined answers 401. */
  authenticate?: (token: string | undefined) => User | undefined;
  authorize?: (user: User, attributes: Attributes) => boolean;
  /** The lines a container wrote, oldest first, each with its RFC 3339 time and a space in front; undefined when the container never ran. */
  readLog?: (query: LogQuery) => string[] | undefined;
  /** Whether someone will end a pod that is marked for deletion; without it pods go at once. */
  endsPods?: (pod: { namespace: string; name: string }) => boolean;
  fault?: (point: FaultPoint, request: RequestInfo) => Fault | undefined;
};
