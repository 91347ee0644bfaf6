/** People and groups in the stores, by short names: `uid=ada`, `cn=board`; one who is in a group through another is `(ada)`. */
import { beforeEach, expect } from 'vitest';
import { personKey } from '../../app/person/anchor.ts';
import type { GroupEntry } from '../../app/person/entry.ts';
import { createGroups } from '../../app/store/groups.ts';
import { createIdentities } from '../../app/store/identities.ts';
import type { GroupMember, Groups, Identities } from '../../app/store/ports/index.ts';
import { id, store, T0, useRedis } from './use-redis.ts';

/** New before each test. */
export let groups: Groups;
let identities: Identities;

const versions = new Map<string, number>();

/** Called once at the top of a test file. */
export function useGroups(): void {
  useRedis();
  beforeEach(() => {
    groups = createGroups(store);
    identities = createIdentities(store, groups);
    versions.clear();
  });
}

/** Stores a person who stands at `uid=NAME`, with further names; or takes them away. */
export async function know(
  name: string,
  memberNames: readonly string[] = [],
  isPresent = true,
): Promise<void> {
  const before = versions.get(name) ?? 0;
  versions.set(name, before + 1);
  const stableId = id(name);
  const dn = `uid=${name}`;
  const stored = await identities.put(
    {
      key: personKey('corp', stableId),
      source: 'corp',
      stableId,
      presence: isPresent
        ? { state: 'present' }
        : { state: 'absent', why: 'deleted', since: T0.toISOString() },
      entry: { stableId, dn, dnKey: dn, memberNames, revision: '', attributes: {} },
      version: before + 1,
      observedAt: T0.toISOString(),
    },
    before,
  );
  expect(stored).toBe(true);
}

const group = (name: string, members: readonly string[], more: Partial<GroupEntry> = {}): GroupEntry => ({
  stableId: id(`g-${name}`),
  dn: `cn=${name}`,
  dnKey: `cn=${name}`,
  name,
  members,
  ...more,
});

export const put = (name: string, members: readonly string[], more: Partial<GroupEntry> = {}) =>
  groups.put('corp', group(name, members, more));

export const isKnown = async (name: string, members: readonly string[], more: Partial<GroupEntry> = {}) =>
  (await groups.areKnown('corp', [group('nobody', []), group(name, members, more)]))[1];

export async function settle(): Promise<void> {
  await groups.settle('corp', await groups.touched('corp'));
}

/** Who is touched, by name, in order. */
export async function touched(): Promise<readonly string[]> {
  return (await groups.touched('corp')).people.map((key) => key.slice('corp:'.length)).sort();
}

export async function groupsOf(name: string): Promise<readonly string[]> {
  const identity = await identities.get(personKey('corp', id(name)));
  return (identity?.groups ?? []).map((ref) => (ref.nested ? `(${ref.name})` : ref.name)).sort();
}

async function membersOf(name: string): Promise<readonly GroupMember[]> {
  const all: GroupMember[] = [];
  for await (const batch of groups.members('corp', id(`g-${name}`))) all.push(...batch);
  return all.sort((a, b) => (a.key < b.key ? -1 : 1));
}

export const namesIn = async (name: string) =>
  (await membersOf(name)).map(({ key, direct }) =>
    direct ? key.slice('corp:'.length) : `(${key.slice('corp:'.length)})`,
  );
