/** Makes groups of the records that a search found, each with all its members as far as the server gives them. */

import { normaliseDn } from '../../../person/dn.ts';
import type { GroupEntry } from '../../../person/entry.ts';
import type { LdapRecord } from '../record.ts';
import type { Session } from '../session.ts';
import type { TrackedItem } from '../tracking/tracking.ts';
import { membersOf, nameOf } from './members.ts';
import { memberValues } from './ranges.ts';

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
  for await (const record of records) {
    const group = await groupIn(session, record, onProblem);
    if (group !== null) yield { kind: 'group', group };
  }
}

async function groupIn(
  session: Session,
  record: LdapRecord,
  onProblem: (problem: string) => void,
): Promise<GroupEntry | null> {
  const { groups } = session;
  const { stableId, dn } = record;
  if (groups === null || stableId === null) return null;
  const { values, problem } = await memberValues(session, record);
  if (problem !== null)
    onProblem(`a group below ${groups.base} was given with part of its members: ${problem}`);
  return {
    stableId,
    dn,
    // Without a name of its own no group can name it as a member.
    ...(groups.nested ? { dnKey: normaliseDn(dn) } : {}),
    name: nameOf(record, groups),
    members: membersOf(record, values, session),
    ...(problem === null ? {} : { partial: true }),
  };
}
