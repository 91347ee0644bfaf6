/**
 * A refusal: a status and one description. The handlers throw it, and the server writes it down as its dialect does:
 * a list of Errors (draft-scim-api-01, section 3.9), one error that is not in a list (Slack's own client reads it so),
 * or what Spring makes of an exception (UAA). Descriptions name attributes, never values.
 */
import type { ErrorShape } from './dialects/dialect.ts';
import type { Json, JsonObject } from './json.ts';

export class ScimError extends Error {
  override name = 'ScimError';
  readonly status: number;
  /** What a 409 is about. */
  readonly reason: 'duplicate' | 'version' | undefined;
  constructor(status: number, description: string, reason?: 'duplicate' | 'version') {
    super(description);
    this.status = status;
    this.reason = reason;
  }
}

/** A method that the endpoint does not have. */
export function methodNotAllowed(): ScimError {
  return new ScimError(405, 'This method is not supported here.');
}

export type Refusal = {
  readonly status: number;
  readonly description: string;
  readonly reason?: ScimError['reason'];
};

/** Slack has a word for each error; elsewhere the description says more. */
const SLACK_NAMES: Readonly<Record<number, string>> = {
  401: 'invalid_authentication',
  405: 'method_not_allowed',
  429: 'too_many_requests',
};
/** UAA's names are its exception classes, in small letters. */
const UAA_NAMES: Readonly<Record<number, string>> = {
  400: 'invalid_scim_resource',
  401: 'invalid_token',
  404: 'scim_resource_not_found',
};

export function errorBody(shape: ErrorShape, { status, description, reason }: Refusal): JsonObject {
  switch (shape) {
    case 'string-code':
      return errorList(String(status), description);
    case 'number-code':
      return errorList(status, description);
    case 'number-but-409':
      return errorList(status === 409 ? String(status) : status, description);
    case 'slack':
      return { Errors: { description: SLACK_NAMES[status] ?? description, code: status } };
    case 'uaa': {
      const conflict = reason === 'version' ? 'scim_resource_conflict' : 'scim_resource_already_exists';
      const error = status === 409 ? conflict : (UAA_NAMES[status] ?? 'scim');
      return { error, message: description, error_description: description };
    }
  }
}

/** The code is a string by the spec; some servers, and a fault, send a number. */
export function errorList(code: number | string, description: string): JsonObject {
  const entry: Json = { description, code };
  return { Errors: [entry] };
}
