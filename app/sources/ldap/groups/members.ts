/**
 * Reads who is in a group, as normalised DNs. Groups are the only place that tells: where a server keeps `memberOf`
 * on people, a new membership does not touch the person's stamps.
 */

import { oneOf } from '../filters/filter.ts';
import type { GroupSettings } from '../options.ts';
import { type LdapRecord, toRecord } from '../record.ts';
import type { Session } from '../session.ts';
import { valuesOf } from '../values/attributes.ts';
import { normaliseDn, parseDn } from '../values/dn.ts';

/** How many uids are asked for in one search. */
const UIDS_A_SEARCH = 200;

/** Posix groups name members by uid; all others by DN. */
export function namesUids(groups: GroupSettings): boolean {
  return groups.memberAttribute.toLowerCase() === 'memberuid';
}

/** Members as the group spells them, or as normalised DNs where it names DNs. */
export function membersOf(record: LdapRecord, groups: GroupSettings): readonly string[] {
  const values = valuesOf(record.attributes, groups.memberAttribute);
  if (namesUids(groups)) return values;
  const dns = values.map((value) => normaliseDn(stripUid(value, groups.memberAttribute)));
  return [...new Set(dns)].filter((dn) => dn !== '');
}

/** uniqueMember may carry a bit string after the DN, `#'0101'B` (RFC 4517 section 3.3.21). */
function stripUid(value: string, memberAttribute: string): string {
  return memberAttribute.toLowerCase() === 'uniquemember' ? value.replace(/#'[01]*'B$/, '') : value;
}

/** Large groups come in pieces from some servers (`member;range=0-1499`): then the list is not the whole list. */
export function isPartial(record: LdapRecord, groups: GroupSettings): boolean {
  const type = groups.memberAttribute.toLowerCase();
  return record.attributes.some((attribute) => attribute.name.startsWith(`${type};range=`));
}

export function nameOf(record: LdapRecord, groups: GroupSettings): string {
  const [name] = valuesOf(record.attributes, groups.nameAttribute);
  return name ?? parseDn(record.dn)?.[0]?.[0]?.value ?? record.dn;
}

/**
 * Finds the DNs behind uids. A uid that two people carry stands for neither: a right must not be given by accident.
 * @param onProblem told why an answer was not the whole one
 */
export async function dnsOfUids(
  session: Session,
  uids: ReadonlySet<string>,
  onProblem: (problem: string) => void,
): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, Set<string>>();
  const all = [...uids];
  for (let at = 0; at < all.length; at += UIDS_A_SEARCH) {
    const [first, ...rest] = all.slice(at, at + UIDS_A_SEARCH);
    if (first === undefined) break;
    const filter = oneOf('uid', [first, ...rest]);
    const { base, scope } = session.people;
    for await (const page of session.pages({ base, scope, filter, attributes: ['uid'] })) {
      if (page.problem !== null) onProblem(page.problem);
      for (const record of page.entries.map((entry) => toRecord(entry, session.dialect))) {
        for (const uid of valuesOf(record.attributes, 'uid')) {
          const key = uid.toLowerCase();
          found.set(key, (found.get(key) ?? new Set()).add(normaliseDn(record.dn)));
        }
      }
    }
  }
  const unique = [...found].filter(([, dns]) => dns.size === 1);
  return new Map(unique.flatMap(([uid, dns]) => [...dns].map((dn) => [uid, dn] as const)));
}
