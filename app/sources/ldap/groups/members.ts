/**
 * Who is in a group by the group's own entry, each member by the one name that people and groups are known by
 * (`app/person/member-names.ts`), and what the group itself is called. Groups are the only place that tells: where a
 * server keeps `memberOf` on people, a new membership does not touch the person's stamps.
 */

import { normaliseDn, parseDn } from '../../../person/dn.ts';
import { primaryGroupName, uidName } from '../../../person/member-names.ts';
import type { GroupSettings } from '../options.ts';
import type { LdapRecord } from '../record.ts';
import type { Session } from '../session.ts';
import { valuesOf } from '../values/attributes.ts';
import { namesUids } from './membership.ts';

/** @param values of the member attribute, as the server gave them. @returns each name once */
export function membersOf(
  record: LdapRecord,
  values: readonly string[],
  { groups, membership }: Pick<Session, 'groups' | 'membership'>,
): readonly string[] {
  if (groups === null) return [];
  const names = new Set(values.map((value) => nameIn(value, groups)));
  names.delete('');
  const sid = membership.primary ? domainSid(record) : null;
  if (sid !== null) names.add(primaryGroupName(sid));
  return [...names];
}

function nameIn(value: string, groups: GroupSettings): string {
  if (namesUids(groups)) return value.trim() === '' ? '' : uidName(value);
  return normaliseDn(stripUid(value, groups.memberAttribute));
}

/** uniqueMember may carry a bit string after the DN, `#'0101'B` (RFC 4517 section 3.3.21). */
function stripUid(value: string, memberAttribute: string): string {
  return memberAttribute.toLowerCase() === 'uniquemember' ? value.replace(/#'[01]*'B$/, '') : value;
}

/** Only groups of a domain are somebody's primary group; the built-in ones have other SIDs. */
function domainSid(record: LdapRecord): string | null {
  const [sid = ''] = valuesOf(record.attributes, 'objectSid');
  return sid.startsWith('S-1-5-21-') ? sid : null;
}

export function nameOf(record: LdapRecord, groups: GroupSettings): string {
  const [name] = valuesOf(record.attributes, groups.nameAttribute);
  return name ?? parseDn(record.dn)?.[0]?.[0]?.value ?? record.dn;
}
