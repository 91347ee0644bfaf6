/**
 * Which requests a look-up and a write take, as far as that can be told beforehand: what `look-up.ts`, `update.ts`,
 * `replace.ts` and `remove.ts` send where the target answers as its profile says. A target that leaves something
 * undone, or answers a write without the user, is asked once more; that is not in it. Pure.
 */
import type { Plan } from '../../plan/decision.ts';
import { endsAccess } from '../../plan/decision.ts';
import type { Profile } from '../profiles/profile.ts';
import type { Match } from '../target.ts';
import { lacksVersion } from '../version.ts';
import type { HttpMethod } from '../wire/client.ts';
import { unknownAlwaysSent } from './patch.ts';

/** @param hits how many accounts were found */
export function lookUpRequests({ by }: Match, hits: number, profile: Profile): readonly HttpMethod[] {
  if (by === 'id') return ['GET'];
  if (by === 'externalId' && profile.externalIdSearch === 'unsupported') return [];
  const stubs = profile.listShows === 'stubs' ? hits : 0;
  return ['GET', ...Array.from({ length: stubs }, (): HttpMethod => 'GET')];
}

/** @returns empty where nothing is written */
export function writeRequests(decided: Plan, profile: Profile): readonly HttpMethod[] {
  switch (decided.action) {
    case 'none':
    case 'hold':
      return [];
    case 'create':
      return ['POST'];
    case 'delete':
      return deletion(decided.version, profile);
    case 'adopt':
    case 'update':
    case 'reactivate':
    case 'deactivate': {
      const { differences, version } = decided;
      const byDelete = profile.deactivate === 'delete' && differences.some(endsAccess);
      const written = byDelete ? differences.filter((difference) => !endsAccess(difference)) : differences;
      return [
        ...(written.length === 0 ? [] : change(decided, profile)),
        ...(byDelete ? ([...deletion(version, profile), 'GET'] as const) : []),
      ];
    }
  }
}

function change(
  { user, version }: Extract<Plan, { differences: unknown }>,
  profile: Profile,
): readonly HttpMethod[] {
  if (profile.update === 'put') return ['GET', 'PUT'];
  const isRead = unknownAlwaysSent(user, profile).length > 0 || lacksVersion(version, profile);
  return isRead ? ['GET', 'PATCH'] : ['PATCH'];
}

function deletion(version: string | undefined, profile: Profile): readonly HttpMethod[] {
  return lacksVersion(version, profile) ? ['GET', 'DELETE'] : ['DELETE'];
}
