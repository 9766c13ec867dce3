import type { Json } from './json.ts';
import { type Kind, resourceName } from './kinds.ts';

/** One faulty field of a rejected object. */
export type Cause = { reason: string; message: string; field?: string };

/** The `details` of a Kubernetes Status. */
export type StatusDetails = {
  name?: string;
  group?: string;
  kind?: string;
  uid?: string;
  causes?: Cause[];
  retryAfterSeconds?: number;
};

/** A failure as the Kubernetes API answers it. */
export type Status = {
  kind: 'Status';
  apiVersion: 'v1';
  metadata: { [field: string]: Json };
  status: 'Failure';
  message: string;
  reason: string;
  code: number;
  details?: StatusDetails;
};

/** Carries a Kubernetes Status from where a request was refused to the answer. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: Status;

  constructor(code: number, reason: string, message: string, details?: StatusDetails) {
    super(message);
    this.status = {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message,
      reason,
      code,
      ...(details === undefined ? {} : { details }),
    };
  }

  get code(): number {
    return this.status.code;
  }

  get reason(): string {
    return this.status.reason;
  }
}

const about = (kind: Kind, name: string): StatusDetails => ({
  name,
  kind: kind.plural,
  ...(kind.group === '' ? {} : { group: kind.group }),
});

/** 404 for an object that is not there. */
export const notFound = (kind: Kind, name: string): ApiError =>
  new ApiError(404, 'NotFound', `${resourceName(kind)} "${name}" not found`, about(kind, name));

/** 409 for a create over an existing object. */
export const alreadyExists = (kind: Kind, name: string): ApiError =>
  new ApiError(409, 'AlreadyExists', `${resourceName(kind)} "${name}" already exists`, about(kind, name));

/** 409 for a write that does not rest on the present state. */
export const conflict = (kind: Kind, name: string, why: string): ApiError =>
  new ApiError(
    409,
    'Conflict',
    `Operation cannot be fulfilled on ${resourceName(kind)} "${name}": ${why}`,
    about(kind, name),
  );

/** 403 with the reason of the refusal. */
export const forbidden = (kind: Kind, name: string, why: string): ApiError =>
  new ApiError(
    403,
    'Forbidden',
    `${resourceName(kind)}${name === '' ? '' : ` "${name}"`} is forbidden: ${why}`,
    about(kind, name),
  );

/** 400 for a request that cannot be read. */
export const badRequest = (message: string): ApiError => new ApiError(400, 'BadRequest', message);

/** 422 naming every faulty field. */
export function invalid(kind: Kind, name: string, causes: Cause[]): ApiError {
  const messages = causes.map(({ field, message }) => (field === undefined ? message : `${field}: ${message}`));
  const list = messages.length === 1 ? messages[0] : `[${messages.join(', ')}]`;
  const qualified = kind.group === '' ? kind.kind : `${kind.kind}.${kind.group}`;
  return new ApiError(422, 'Invalid', `${qualified} "${name}" is invalid: ${list}`, {
    name,
    kind: kind.kind,
    ...(kind.group === '' ? {} : { group: kind.group }),
    causes,
  });
}
