/** What the tests of groups share: a rig whose target has groups, a directory, and what became of both. */

import type { GroupMapping } from '../../../app/mapping/group/group-mapping.ts';
import { loadGroupMapping } from '../../../app/mapping/group/load-group.ts';
import type { Mapped, Mapping } from '../../../app/mapping/mapping.ts';
import { NO_FILES } from '../../../app/mapping/mapping-files.ts';
import { USUAL_POLICY } from '../../../app/mapping/policy.ts';
import { type GroupKey, groupKey } from '../../../app/person/anchor.ts';
import type { Identity } from '../../../app/person/identity.ts';
import type { Group } from '../../../app/scim/groups/group.ts';
import type { GroupTarget } from '../../../app/scim/groups/group-target.ts';
import type { GroupOutcome } from '../../../app/sync/groups/group-record.ts';
import type { GroupDeps } from '../../../app/sync/groups/group-work.ts';
import { provisionGroup } from '../../../app/sync/groups/provision-group.ts';
import { readSource } from '../../../app/sync/reading/read-source.ts';
import type { Directory } from '../../../sandbox/directory/slapd.ts';
import { GROUPS, never, PEOPLE, sourceFor } from '../../sources/ldap/invented.ts';
import { type Rig, type RigOptions, startRig } from '../../support/rig.ts';

/** People served at the same time. */
const AT_ONCE = 20;

/** The name that the rig's target has. */
export const TARGET = 'agileplace';

export const personDn = (uid: string) => `uid=${uid},${PEOPLE}`;
export const groupDn = (cn: string) => `cn=${cn},${GROUPS}`;

/** Everybody with a mail address has an account of that name. */
const PEOPLE_MAPPING: Mapping = {
  file: 'mappings/people.yaml',
  source: 'corp',
  target: TARGET,
  reads: ['mail', 'uid'],
  matchOn: ['userName'],
  policy: USUAL_POLICY,
  map({ entry }: Identity): Mapped {
    const mail = entry.attributes['mail']?.[0];
    if (mail === undefined) return { kind: 'out-of-scope', reason: 'out of scope of the mapping' };
    const name = { familyName: entry.attributes['sn']?.[0] ?? '' };
    const emails = [{ value: mail, primary: true }];
    return { kind: 'in-scope', user: { userName: mail, active: true, name, emails }, warnings: [] };
  },
};

/** @param more what stands in the file besides */
export function groupMapping(more = '', match = 'displayName'): GroupMapping {
  const file = [
    'version: 1',
    'source: corp',
    `target: ${TARGET}`,
    'resource: Group',
    `match: [${match}]`,
    `attributes: { displayName: '= g.name', externalId: '= id' }`,
    more,
  ].join('\n');
  const loaded = loadGroupMapping('mappings/groups.yaml', file, { files: NO_FILES, environment: null });
  if (!loaded.ok) throw new Error(loaded.problems.map(({ message }) => message).join('; '));
  return loaded.mapping;
}

export type GroupRig = Rig & {
  readonly groups: GroupTarget;
  /** The mapping of groups from now on. */
  use(mapping: GroupMapping): void;
  groupDeps(): GroupDeps;
  /** One worker's attempt at one group. */
  attemptGroup(key: GroupKey, last?: boolean): Promise<GroupOutcome>;
  /** Reads, and works off people and then groups until nothing is due. @returns the writes to groups, as `PATCH Engines` */
  step(kind: 'poll' | 'sweep', directory: Directory): Promise<string[]>;
  /** Works off whoever and whatever is due. */
  work(): Promise<GroupOutcome[]>;
  /** Names of all groups at the target, with the names of their members. */
  atTarget(): Promise<Record<string, string[]>>;
  group(name: string): Promise<Group>;
  keyOf(name: string): Promise<GroupKey>;
  userId(uid: string): Promise<string>;
};

export async function startGroupRig(options: RigOptions & { profile: string }): Promise<GroupRig> {
  const mappings: GroupMapping[] = [groupMapping()];
  const rig = await startRig({ mapping: PEOPLE_MAPPING, groupMappings: mappings, ...options });
  const { groups } = rig.target;
  if (groups === null) throw new Error(`${options.profile} has no groups`);
  const call = {
    signal: never,
    lane: 'manual',
    beforeRequest: async () => {},
    waitUntil: async () => {},
  } as const;

  async function all(): Promise<Group[]> {
    const found: Group[] = [];
    for await (const page of groups?.list(call) ?? []) if (page.kind === 'page') found.push(...page.groups);
    return found;
  }

  async function group(name: string): Promise<Group> {
    const found = (await all()).find(({ displayName }) => displayName === name);
    if (found === undefined) throw new Error(`there is no group ${name} at the target`);
    return found;
  }

  const groupDeps = (): GroupDeps => ({
    ...rig.deps,
    ...rig.stores,
    target: { name: TARGET, groups },
  });

  async function attemptGroup(key: GroupKey, last = false): Promise<GroupOutcome> {
    return await provisionGroup({ key, lastAttempt: last }, groupDeps(), never);
  }

  async function work(): Promise<GroupOutcome[]> {
    for await (const batch of rig.stores.due.scan(TARGET)) {
      for (let at = 0; at < batch.length; at += AT_ONCE) {
        await Promise.all(batch.slice(at, at + AT_ONCE).map(({ key }) => rig.attempt(key)));
      }
    }
    const outcomes: GroupOutcome[] = [];
    for await (const batch of rig.stores.dueGroups.scan(TARGET))
      for (const { key } of batch) outcomes.push(await attemptGroup(key));
    return outcomes;
  }

  const uidOf = (name: unknown) => String(name).split('@')[0] ?? '';

  return {
    ...rig,
    groups,
    use(mapping) {
      mappings.splice(0, 1, mapping);
    },
    groupDeps,
    attemptGroup,
    work,
    group,
    async step(kind, directory) {
      const run = await readSource(sourceFor(directory, { overlapMs: 0 }), kind, rig.reading, never);
      if (run?.state !== 'ok' && run?.state !== 'held')
        throw new Error(`the run is ${run?.state}: ${run?.reason}`);
      await rig.sandbox.clearJournal();
      await work();
      return (await rig.writes()).filter(({ path }) => path.includes('/Groups')).map(({ method }) => method);
    },
    async atTarget() {
      const users = new Map((await rig.sandbox.accounts()).map(({ id, user }) => [id, uidOf(user.userName)]));
      const shown = (await all()).map(
        ({ displayName, members }) =>
          [displayName, members.map(({ value }) => users.get(value) ?? '(group)').sort()] as const,
      );
      return Object.fromEntries(shown);
    },
    async keyOf(name) {
      const { groups: known } = await rig.stores.groups.list('corp', null, 1_000);
      const found = known.find((one) => one.name === name);
      if (found === undefined) throw new Error(`there is no group ${name} in the directory`);
      return groupKey('corp', found.stableId);
    },
    async userId(uid) {
      return (await rig.sandbox.account(`${uid}@example.test`))?.id ?? '';
    },
  };
}
