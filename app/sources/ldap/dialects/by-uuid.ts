/** Stable ids that are a UUID in text: entryUUID (RFC 4530). */
import type { StableId } from '../../../person/anchor.ts';
import { toStableId } from '../../../person/anchor.ts';
import { equals } from '../filters/filter.ts';
import type { Dialect } from './dialect.ts';

export const BY_ENTRY_UUID: Dialect['id'] = {
  attribute: 'entryUUID',
  read: toUuid,
  filter: (id) => (toUuid(id) === null ? null : equals('entryUUID', id)),
};

/** Anything but a UUID cannot be searched for: the server would answer "nobody" without a complaint. */
function toUuid(text: string): StableId | null {
  const id = toStableId(text);
  return id !== null && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id) ? id : null;
}
