/**
 * Attribute paths as clients write them, in filters and in `meta.attributes` (draft-scim-api-01, section 3.8):
 * `userName`, `name.givenName`, `{urn}:{attribute}.{sub}`. AgilePlace and Slack write a dot after the URN where the
 * draft has a colon, so both are read. The core URN may be left out and is dropped here.
 */
import { CORE_URN, canonicalName, KNOWN_URNS } from './attributes.ts';

/** Canonical names from the outside in: `['name','givenName']`, `['urn:…:user:1.0','administrator']`. */
export function parsePath(written: string): readonly string[] {
  const folded = written.toLowerCase();
  const urn = KNOWN_URNS.find((known) => folded.startsWith(known));
  if (!urn) return parseUnknown(written);
  const rest = written.slice(urn.length);
  if (rest === '') return [urn];
  if (rest[0] !== ':' && rest[0] !== '.') return [written];
  const names = rest.slice(1).split('.').map(canonicalName);
  return urn === CORE_URN ? names : [urn, ...names];
}

/** An extension we do not know: everything before the last colon is its URN. */
function parseUnknown(written: string): readonly string[] {
  const colon = written.lastIndexOf(':');
  if (colon < 0) return written.split('.').map(canonicalName);
  return [
    written.slice(0, colon),
    ...written
      .slice(colon + 1)
      .split('.')
      .map(canonicalName),
  ];
}
