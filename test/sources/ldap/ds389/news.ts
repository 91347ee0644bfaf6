/** Invented people in a private 389 Directory Server, and what each way to follow changes tells of them. */
import type { LdapSourceOptions } from '../../../../app/sources/ldap/index.ts';
import type { TrackingName } from '../../../../app/sources/ldap/tracking/names.ts';
import type { Source, SourceItem, Subject, Watermark } from '../../../../app/sources/source.ts';
import type { Ds389 } from '../../../support/ds389.ts';
import { GROUPS, never, PEOPLE, personAttributes, sourceFor } from '../invented.ts';

export const dnOf = (uid: string) => `uid=${uid},${PEOPLE}`;

export function addPerson(
  directory: Ds389,
  uid: string,
  more: Record<string, string | readonly string[]> = {},
): Promise<void> {
  return directory.add(dnOf(uid), personAttributes(uid, more));
}

export function addGroup(directory: Ds389, cn: string, members: readonly string[]): Promise<void> {
  return directory.add(`cn=${cn},${GROUPS}`, { objectClass: 'groupOfNames', cn, member: members });
}

export async function idOf(directory: Ds389, dn: string): Promise<string> {
  const { nsUniqueId, nsuniqueid } = await directory.read(dn);
  const [id] = nsUniqueId ?? nsuniqueid ?? [];
  if (id === undefined) throw new Error(`${dn} has no nsUniqueId`);
  return id;
}

export type News = {
  /** `uid`, or `uid @ where` for whoever stands elsewhere than right below the people base; sorted. */
  readonly people: readonly string[];
  /** Members by the group's name, each by the first value of its DN. */
  readonly groups: Readonly<Record<string, readonly string[]>>;
  /** Ids told as not being there as a person. */
  readonly absent: readonly string[];
  /** The same of groups. */
  readonly absentGroups: readonly string[];
  readonly entries: readonly Extract<SourceItem, { kind: 'person' }>['entry'][];
  readonly end: Extract<SourceItem, { kind: 'end' }>;
};

/** Reads from where it was left the last time. */
export type Follower = { hear(everyone?: boolean): Promise<News>; readonly source: Source };

export function follow(
  directory: Ds389,
  tracking: TrackingName | 'auto',
  change: Partial<LdapSourceOptions> = {},
): Follower {
  const source = sourceFor(directory, {
    tracking,
    overlapMs: 0,
    reads: ['uid', 'sn', 'manager', 'nsAccountLock'],
    ...change,
  });
  let mark: Watermark | null = null;
  return {
    source,
    hear: async (everyone = mark === null) => {
      const items: SourceItem[] = [];
      for await (const item of source.read({ since: mark, everyone }, never)) items.push(item);
      const news = newsOf(items);
      mark = news.end.watermark;
      return news;
    },
  };
}

function newsOf(items: readonly SourceItem[]): News {
  const end = items.at(-1);
  if (end?.kind !== 'end') throw new Error('the last item is not the end');
  const entries = items.flatMap((item) => (item.kind === 'person' ? [item.entry] : []));
  return {
    entries,
    people: entries.map(({ attributes, dn = '' }) => `${attributes['uid']?.[0]}${placeOf(dn)}`).sort(),
    groups: Object.fromEntries(
      items.flatMap((item) =>
        item.kind === 'group' ? [[item.group.name, item.group.members.map(firstValue).sort()]] : [],
      ),
    ),
    absent: absentIn(items, 'person'),
    absentGroups: absentIn(items, 'group'),
    end,
  };
}

function absentIn(items: readonly SourceItem[], what: Subject): readonly string[] {
  const ids = items.flatMap((item) => (item.kind === 'absent' && item.what === what ? [item.stableId] : []));
  return ids.sort();
}

function placeOf(dn: string): string {
  const parent = dn.slice(dn.indexOf(',') + 1);
  return parent === PEOPLE ? '' : ` @ ${firstValue(parent)}`;
}

function firstValue(dn: string): string {
  return dn.slice(dn.indexOf('=') + 1, dn.indexOf(','));
}
