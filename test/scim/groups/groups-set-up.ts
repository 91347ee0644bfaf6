/** What the tests of groups share: a target with groups over a scripted server, and answers as such a server gives them. */
import { type GroupTarget, type Profile, profileNamed } from '../../../app/scim/index.ts';
import type { Asked, OddServer } from '../odd-server.ts';
import { setUp } from '../set-up.ts';

const CORE = 'urn:scim:schemas:core:1.0';

export function aProfile(name: string, more: Partial<Profile> = {}): Profile {
  const profile = profileNamed(name);
  if (profile === null) throw new Error(`there is no profile ${name}`);
  return { ...profile, ...more };
}

/** @param size members that go into one request */
export function groupsAt(server: OddServer, more: Partial<Profile> = {}, size = 100): GroupTarget {
  const profile = aProfile('generic', { ifMatch: 'never', ...more });
  const groups = profile.groups === null ? null : { ...profile.groups, membersPerRequest: size };
  const { target } = setUp(`${server.origin}/v1`, { profile: { ...profile, groups } });
  if (target.groups === null) throw new Error(`${profile.name} has no groups`);
  return target.groups;
}

/** As a target shows a group. */
export function aGroup(members: readonly string[] | null, more: Record<string, unknown> = {}) {
  const list = members === null ? {} : { members: members.map((value) => ({ value })) };
  return { schemas: [CORE], id: 'g-1', displayName: 'Engines', ...list, ...more };
}

export function aList(...resources: readonly unknown[]) {
  return { schemas: [CORE], totalResults: resources.length, Resources: resources };
}

/** The requests in words: `PATCH /v1/Groups/g-1 {…}`. */
export function requests(server: OddServer): string[] {
  return server.asked.map(({ method, url, body }: Asked) => [method, url, body].filter(Boolean).join(' '));
}

export const body = (members: readonly unknown[]) => JSON.stringify({ schemas: [CORE], members });
