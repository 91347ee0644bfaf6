/** Reads the entries of an LDIF file as they come, and says which are people and which are groups. */
import type { Filter } from 'ldapts';
import { toStableId } from '../../../person/anchor.ts';
import { normaliseDn } from '../../../person/dn.ts';
import type { Dialect } from '../../ldap/dialects/dialect.ts';
import { GENERIC } from '../../ldap/dialects/generic.ts';
import { parseFilter } from '../../ldap/filters/filter-text.ts';
import { membersOf, nameOf } from '../../ldap/groups/members.ts';
import { type Membership, membershipOf } from '../../ldap/groups/membership.ts';
import type { GroupSettings } from '../../ldap/options.ts';
import { type LdapRecord, toPerson, toRecord } from '../../ldap/record.ts';
import { valuesOf } from '../../ldap/values/attributes.ts';
import { syntaxOf } from '../../ldap/values/syntaxes.ts';
import type { FileItem } from '../item.ts';
import type { LdifFormat } from '../options.ts';
import { createUnfolder, type Line } from './logical-lines.ts';
import { matches } from './matches.ts';
import { createRecordReader, type LdifRecord } from './records.ts';

export type LdifSettings = {
  readonly format: LdifFormat;
  readonly reads: readonly string[];
  readonly isKnownWhole: boolean;
};

/** @throws whatever the text throws, and Unreadable */
export async function* readLdif(
  text: AsyncIterable<string>,
  { format, reads, isKnownWhole }: LdifSettings,
): AsyncGenerator<FileItem, void> {
  const unfolder = createUnfolder();
  const records = createRecordReader();
  const judge = judgeOf(format, reads);
  for await (const chunk of text) yield* judged(unfolder.take(chunk));
  yield* judged(unfolder.end());
  for (const record of records.end(isKnownWhole)) yield judge(record);

  function* judged(some: readonly Line[]): Generator<FileItem, void> {
    for (const line of some) {
      const record = records.take(line);
      if (record !== null) yield judge(record);
    }
  }
}

type Judge = (record: LdifRecord) => FileItem;

function judgeOf(format: LdifFormat, reads: readonly string[]): Judge {
  const dialect = dialectFor(format);
  const people = filterOf(format.people);
  const groups = groupSettings(format);
  const membership = membershipOf(groups, false, false);
  return (record) => {
    if (record.kind !== 'entry') return record;
    const { line } = record;
    const read = toRecord(record.entry, dialect);
    if (matches(people, read.attributes)) {
      if (read.stableId === null) return { kind: 'rejected', line, why: `has no usable ${format.id}` };
      return { kind: 'person', line, entry: toPerson(read, read.stableId, reads, membership), groups: [] };
    }
    if (groups === null || !matches(groups.filter, read.attributes))
      return { kind: 'outside', line, stableId: read.stableId };
    return groupOf(read, line, { groups, membership });
  };
}

function groupOf(
  read: LdapRecord,
  line: number,
  how: { readonly groups: GroupSettings; readonly membership: Membership },
): FileItem {
  const dnKey = normaliseDn(read.dn);
  const { memberAttribute } = how.groups;
  // Where people are told apart by a number of their own, groups have none.
  const stableId = read.stableId ?? toStableId(dnKey);
  if (stableId === null) return { kind: 'rejected', line, why: 'is a group without a usable id' };
  const range = `${memberAttribute.toLowerCase()};range=`;
  if (read.attributes.some(({ name }) => name.startsWith(range)))
    return { kind: 'rejected', line, why: 'has only a part of its members' };
  const members = membersOf(read, valuesOf(read.attributes, memberAttribute), how);
  return {
    kind: 'group',
    line,
    group: { stableId, dn: read.dn, dnKey, name: nameOf(read, how.groups), members },
  };
}

/** What the entries of a file have of a directory: an id. */
function dialectFor({ id }: LdifFormat): Dialect {
  const isUuid = ['guid', 'uuid-bytes'].includes(syntaxOf(id.toLowerCase())) || /^entryuuid$/i.test(id);
  return {
    ...GENERIC,
    id: { attribute: id, read: isUuid ? GENERIC.id.read : toStableId, filter: () => null },
  };
}

function groupSettings({ groups }: LdifFormat): GroupSettings | null {
  return groups === null ? null : { ...groups, base: '', filter: filterOf(groups.filter), nested: true };
}

function filterOf(text: string): Filter {
  const parsed = parseFilter(text);
  if (!parsed.ok) throw new Error(`a filter that was checked cannot be read: ${parsed.problem}`);
  return parsed.filter;
}
