/** Invented people and groups as LDIF, and sources over the private directory that read them. */
import { readFileSync } from 'node:fs';
import { createLdapSource, type LdapSourceOptions } from '../../../app/sources/ldap/index.ts';
import type { Source, SourceItem, Watermark } from '../../../app/sources/source.ts';
import { ldifEntry } from '../../../sandbox/directory/ldif.ts';
import type { Directory } from '../../../sandbox/directory/slapd.ts';

export const PEOPLE = 'ou=people,dc=example,dc=test';
export const GROUPS = 'ou=groups,dc=example,dc=test';
export const FORMER = 'ou=former,dc=example,dc=test';
export const T0 = new Date('2026-03-01T12:00:00Z');

export const never = new AbortController().signal;

export function uuid(number: number): string {
  return `a1b2c3d4-0000-4000-8000-${String(number).padStart(12, '0')}`;
}

export function personAttributes(uid: string, more: Record<string, string | readonly string[]> = {}) {
  return { objectClass: 'inetOrgPerson', uid, cn: uid, sn: uid, mail: `${uid}@example.test`, ...more };
}

export function person(uid: string, more: Record<string, string | readonly string[]> = {}): string {
  return ldifEntry(`uid=${uid},${PEOPLE}`, personAttributes(uid, more));
}

export function group(cn: string, members: readonly string[], more: Record<string, string> = {}): string {
  return ldifEntry(`cn=${cn},${GROUPS}`, { objectClass: 'groupOfNames', cn, member: members, ...more });
}

/** A record as a replica delivers it, with its own stamps. */
export function stamped(uid: string, number: number, time: string, fraction: string): string {
  return person(uid, {
    entryUUID: uuid(number),
    entryCSN: `${time}.${fraction}Z#000000#000#000000`,
    modifyTimestamp: `${time}Z`,
    createTimestamp: `${time}Z`,
  });
}

/** What a source needs to know of a server. */
export type Readable = Pick<Directory, 'ldapUrl' | 'reader'>;

export function optionsFor(directory: Readable, change: Partial<LdapSourceOptions> = {}): LdapSourceOptions {
  return {
    name: 'corp',
    urls: [directory.ldapUrl],
    tls: 'none',
    bindDn: directory.reader.dn,
    password: () => directory.reader.password,
    people: { base: PEOPLE, filter: '(objectClass=inetOrgPerson)' },
    groups: {
      base: GROUPS,
      filter: '(objectClass=groupOfNames)',
      memberAttribute: 'member',
      nameAttribute: 'cn',
    },
    lookupBase: 'dc=example,dc=test',
    reads: ['uid', 'mail', 'sn'],
    timeoutMs: 10_000,
    now: () => T0,
    ...change,
  };
}

export function sourceFor(directory: Readable, change: Partial<LdapSourceOptions> = {}): Source {
  return createLdapSource(optionsFor(directory, change));
}

export function caOf(directory: Pick<Directory, 'caFile'>): string {
  return readFileSync(directory.caFile, 'utf8');
}

export type Told = {
  readonly uids: readonly string[];
  readonly people: readonly Extract<SourceItem, { kind: 'person' }>['entry'][];
  readonly groups: Readonly<Record<string, readonly string[]>>;
  readonly rejected: readonly string[];
  readonly end: Extract<SourceItem, { kind: 'end' }>;
};

/** Reads to the end and sorts what was told. */
export async function tell(source: Source, since: Watermark | null = null, signal = never): Promise<Told> {
  const items: SourceItem[] = [];
  const wish = { since, everyone: since === null };
  for await (const item of source.read(wish, signal)) items.push(item);
  const end = items.at(-1);
  if (end?.kind !== 'end') throw new Error('the last item is not the end');
  const people = items.flatMap((item) => (item.kind === 'person' ? [item.entry] : []));
  return {
    people,
    uids: people.map(({ attributes }) => attributes['uid']?.[0] ?? '?').sort(),
    groups: Object.fromEntries(
      items.flatMap((item) => (item.kind === 'group' ? [[item.group.name, item.group.members]] : [])),
    ),
    rejected: items.flatMap((item) => (item.kind === 'rejected' ? [item.where] : [])),
    end,
  };
}
