/**
 * A refusal in SCIM 1.1 words: a status and one description (draft-scim-api-01, section 3.9). The handlers throw it;
 * the server turns it into `{"Errors":[{"description","code"}]}`. Descriptions name attributes, never values.
 */
import type { JsonObject } from './json.ts';

export class ScimError extends Error {
  override name = 'ScimError';
  readonly status: number;
  constructor(status: number, description: string) {
    super(description);
    this.status = status;
  }
}

/** The code is a string by the spec; a fault may ask for the number that some servers send instead. */
export function errorBody(code: number | string, description: string): JsonObject {
  return { Errors: [{ description, code }] };
}
