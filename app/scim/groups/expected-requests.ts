/**
 * Which requests a look-up of a group and a write to it take, as far as that can be told beforehand: what the files
 * beside send where the target answers as its profile says. What has to be read over or found out on the way is not in
 * it. Pure.
 */
import type { GroupPlan } from '../../plan/group-plan.ts';
import type { Profile } from '../profiles/profile.ts';
import { lacksVersion } from '../version.ts';
import type { HttpMethod } from '../wire/client.ts';
import type { GroupMatch } from './group-target.ts';

/** @param hits how many groups were found */
export function groupLookUpRequests(
  { by }: GroupMatch,
  hits: number,
  profile: Profile,
): readonly HttpMethod[] {
  if (by === 'id') return ['GET'];
  if (by === 'externalId' && profile.externalIdSearch === 'unsupported') return [];
  const stubs = profile.listShows === 'whole' ? 0 : hits;
  return ['GET', ...times(stubs, 'GET')];
}

/** @returns empty where nothing is written */
export function groupWriteRequests(decided: GroupPlan, profile: Profile): readonly HttpMethod[] {
  const most = profile.groups?.membersPerRequest ?? 1;
  switch (decided.action) {
    case 'none':
    case 'hold':
      return [];
    case 'create':
      return ['POST', ...members(Math.max(0, decided.members.length - most), profile)];
    case 'delete':
      return [...versionFor(decided.version, profile), 'DELETE'];
    case 'adopt':
    case 'update': {
      const { add, remove, rename, version } = decided;
      const count = add.length + remove.length;
      const renamed = rename === undefined ? [] : change(count > 0 ? undefined : version, profile);
      return [...members(count, profile), ...renamed];
    }
  }
}

function members(count: number, profile: Profile): readonly HttpMethod[] {
  if (count === 0 || profile.groups === null) return [];
  if (profile.groups.update === 'put') return ['GET', 'PUT'];
  return times(Math.ceil(count / profile.groups.membersPerRequest), 'PATCH');
}

function change(version: string | undefined, profile: Profile): readonly HttpMethod[] {
  return profile.groups?.update === 'put' ? ['GET', 'PUT'] : [...versionFor(version, profile), 'PATCH'];
}

function versionFor(version: string | undefined, profile: Profile): readonly HttpMethod[] {
  return lacksVersion(version, profile) ? ['GET'] : [];
}

function times(count: number, method: HttpMethod): readonly HttpMethod[] {
  return Array.from({ length: count }, () => method);
}
