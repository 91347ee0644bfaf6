/** What the source and a mapping together want for one person at one target. */
import type { Mapping, MappingProblem, Reference } from '../mapping/mapping.ts';
import type { Identity } from '../person/identity.ts';
import type { Desired } from '../plan/decision.ts';

export type Wanted =
  | {
      readonly kind: 'known';
      readonly desired: Desired;
      readonly warnings: readonly MappingProblem[];
      /** What the account lacks yet: the ids of other people's accounts. Absent where there is nothing of the kind. */
      readonly references?: readonly Reference[];
    }
  | {
      readonly kind: 'failed';
      readonly problems: readonly MappingProblem[];
      /** What is certain all the same; null where nothing is, and nothing is written. */
      readonly desired: Desired | null;
    };

const INACTIVE: Desired = { kind: 'leaver', why: 'inactive', reason: 'inactive at the source' };

/**
 * A person who is gone from the source is a leaver whatever the mapping says; one who is there but out of the
 * mapping's scope is a leaver too. Who is inactive loses access however little else of them can be mapped. Pure.
 */
export function wanted(identity: Identity, mapping: Mapping, now: Date): Wanted {
  const mapped = mapping.map(identity, now);
  if (identity.presence.state === 'absent' && mapped.kind !== 'protected') {
    return {
      kind: 'known',
      desired: { kind: 'leaver', why: 'leaver', reason: identity.presence.why },
      warnings: [],
    };
  }
  switch (mapped.kind) {
    case 'failed':
      return {
        kind: 'failed',
        problems: mapped.problems,
        desired: mapped.inactive === true ? INACTIVE : null,
      };
    case 'protected':
      return { kind: 'known', desired: { kind: 'protected', reason: mapped.reason }, warnings: [] };
    case 'out-of-scope':
      return {
        kind: 'known',
        desired: { kind: 'leaver', why: 'outOfScope', reason: mapped.reason },
        warnings: [],
      };
    case 'in-scope':
      return {
        kind: 'known',
        desired: { kind: 'account', user: mapped.user },
        warnings: mapped.warnings,
        ...(mapped.references === undefined ? {} : { references: mapped.references }),
      };
  }
}
