import type { ZodError } from 'zod';
import { DEEPEST, type Problem } from '../contracts/index.ts';
import { AetheriusError, errors } from '../errors/index.ts';

const type = (code: string) => `https://aetherius.io/errors/${code}`;

/** Fields at fault as a caller would name them: `body.steps.0.kind`. */
export const invalid = (part: string, error: ZodError): AetheriusError =>
  errors.invalid_input({
    fields: error.issues.flatMap((issue) =>
      issue.code === 'unrecognized_keys'
        ? issue.keys.map((key) => ({ field: [part, ...issue.path, key].join('.'), message: 'is not known here' }))
        : [{ field: [part, ...issue.path].join('.'), message: issue.message }],
    ),
  });

/** A field that is misspelled would otherwise be an answer to another question. */
export const unknown = (part: string, field: string): AetheriusError =>
  errors.invalid_input({ fields: [{ field: `${part}.${field}`, message: 'is not known here' }] });

/** A body that was sent as something else would otherwise be an empty one. */
export const notJson = (sent: string | undefined): AetheriusError =>
  errors.unsupported_media({
    fields: [{ field: 'header.content-type', message: `is ${sent ?? 'missing'}; this reads application/json` }],
  });

/** Refused before anything walks it; any schema of ours that holds itself would run out of stack. */
export const tooDeep = (part: string): AetheriusError =>
  errors.invalid_input({ fields: [{ field: part, message: `is nested more than ${DEEPEST} deep` }] });

/** Text that no store of ours can keep; refused at the door, so that no handler meets it. */
export const unfit = (part: string, field: string): AetheriusError =>
  errors.invalid_input({
    fields: [
      { field: [part, field].filter((name) => name !== '').join('.'), message: 'holds text that cannot be stored' },
    ],
  });

type BodyError = { type?: unknown; status?: unknown; limit?: unknown };

/** What express's body parser throws, in our words. */
const fromBodyParser = (error: BodyError): AetheriusError | undefined => {
  if (error.type === 'entity.too.large')
    return errors.too_large({ fields: [{ field: 'body', message: `is larger than ${String(error.limit)} bytes` }] });
  if (error.type === 'entity.parse.failed')
    return errors.invalid_input({ fields: [{ field: 'body', message: 'is not valid JSON' }] });
  return typeof error.status === 'number' && error.status < 500
    ? errors.invalid_input({ fields: [{ field: 'request', message: 'cannot be read' }] })
    : undefined;
};

/** Any failure as problem+json; a bug says nothing of its inside. */
export function toProblem(error: unknown, requestId: string): Problem {
  const known = error instanceof AetheriusError ? error : fromBodyParser((error ?? {}) as BodyError);
  if (known === undefined) {
    return {
      type: type('internal'),
      title: 'Something went wrong on our side',
      status: 500,
      code: 'internal',
      request_id: requestId,
    };
  }
  const { fields, ...rest } = known.details;
  const detail = Object.keys(rest).length > 0 ? known.message : undefined;
  return {
    type: type(known.code),
    title: known.title,
    status: known.status,
    code: known.code,
    request_id: requestId,
    ...(detail === undefined ? {} : { detail }),
    ...(Array.isArray(fields) ? { errors: fields as NonNullable<Problem['errors']> } : {}),
  };
}
