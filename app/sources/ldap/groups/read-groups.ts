/** Reads groups with their members, all of them or those that a search finds. */
import type { GroupEntry } from '../../../person/entry.ts';
import type { LdapRecord } from '../record.ts';
import type { Session } from '../session.ts';
import type { TrackedItem } from '../tracking/tracking.ts';
import { normaliseDn } from '../values/dn.ts';
import { dnsOfUids, isPartial, membersOf, nameOf, namesUids } from './members.ts';

/** The attributes that a group is read by, besides the bookkeeping of the dialect. */
export function groupAttributes({ groups }: Session): readonly string[] {
  return groups === null ? [] : [groups.memberAttribute, groups.nameAttribute];
}

/**
 * Makes groups of the records that a search found.
 * @param onProblem told why a group is not the whole one
 */
export async function* groupsFrom(
  session: Session,
  records: AsyncIterable<LdapRecord>,
  onProblem: (problem: string) => void,
): AsyncGenerator<TrackedItem, void> {
  const { groups } = session;
  if (groups === null) return;
  // A server keeps one paged search a connection, so the uids wait until all groups are in.
  const waiting: GroupEntry[] = [];
  for await (const record of records) {
    const { stableId, dn } = record;
    if (stableId === null) continue;
    if (isPartial(record, groups))
      onProblem(`a group below ${groups.base} was given with part of its members`);
    const group: GroupEntry = {
      stableId,
      dn,
      dnKey: normaliseDn(dn),
      name: nameOf(record, groups),
      members: membersOf(record, groups),
    };
    if (namesUids(groups)) waiting.push(group);
    else yield { kind: 'group', group };
  }
  const uids = new Set(waiting.flatMap(({ members }) => members.map((uid) => uid.toLowerCase())));
  const dns = await dnsOfUids(session, uids, onProblem);
  for (const group of waiting) {
    const members = group.members.flatMap((uid) => dns.get(uid.toLowerCase()) ?? []);
    yield { kind: 'group', group: { ...group, members: [...new Set(members)] } };
  }
}
