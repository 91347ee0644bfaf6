/** What the source and a mapping together want for one person at one target. */
import type { Mapped, Mapping, MappingProblem, Reference } from '../mapping/mapping.ts';
import type { Identity } from '../person/identity.ts';
import type { Desired } from '../plan/decision.ts';
import type { Seen } from './seen.ts';

/** `changesAt`: from then on it will be another by itself, since something in it depends on the time. */
export type Wanted = WantedNow & { readonly changesAt?: Date };

type WantedNow =
  | {
      readonly kind: 'known';
      readonly desired: Desired;
      readonly warnings: readonly MappingProblem[];
      /** What the account lacks yet: the ids of other people's accounts. Absent where there is nothing of the kind. */
      readonly references?: readonly Reference[];
      /** Where userName is proposed: what is, the first one best (`user-names.ts`). */
      readonly userNames?: readonly string[];
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
export function wanted(identity: Seen, mapping: Mapping, now: Date): Wanted {
  const mapped = mapping.map(identity, now);
  const { changesAt } = mapped;
  // Whoever has left stays so, whatever the time.
  const waits = changesAt !== undefined && identity.presence.state === 'present';
  return { ...wantedNow(identity, mapped), ...(waits ? { changesAt } : {}) };
}

function wantedNow(identity: Identity, mapped: Mapped): WantedNow {
  const { presence } = identity;
  if (presence.state === 'absent' && mapped.kind !== 'protected') {
    const { why: reason, since } = presence;
    return { kind: 'known', desired: { kind: 'leaver', why: 'leaver', reason, since }, warnings: [] };
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
        ...(mapped.userNames === undefined ? {} : { userNames: mapped.userNames }),
      };
  }
}
