/** PATCH of a user in the flavour of a dialect. */
import { type Attributes, canonicalName } from './attributes.ts';
import type { PatchFlavour } from './dialects/dialect.ts';
import { applyGatewayPatch } from './gateway-rules.ts';
import type { JsonObject } from './json.ts';
import { applyPatch } from './patch.ts';
import { mergeByType } from './patch-lists.ts';
import { ScimError } from './scim-error.ts';
import { applySlackPatch } from './slack-rules.ts';
import { applyUaaPatch } from './uaa-patch.ts';

/** What may stand beside `active` and `password` where nothing else can be patched. */
const HARMLESS: ReadonlySet<string> = new Set(['schemas', 'id', 'active', 'password']);

/** @throws ScimError 400, 500, 501 */
export function patchUser(flavour: PatchFlavour, current: Attributes, body: JsonObject): Attributes {
  switch (flavour) {
    case 'letter':
      return applyPatch(current, body);
    case 'by-type':
      return applyPatch(current, body, mergeByType);
    case 'slack':
      return applySlackPatch(current, body);
    case 'gateway':
      return applyGatewayPatch(current, body);
    case 'uaa':
      return applyUaaPatch(current, body);
    case 'status': {
      const other = Object.keys(body).find((name) => !HARMLESS.has(canonicalName(name)));
      if (other === undefined) return applyPatch(current, body);
      throw new ScimError(501, 'PATCH changes active and password only; send the rest with PUT.');
    }
  }
}
