/** How many people of a source each of its mappings takes to its target, and what keeps the others away. */
import type { Mapping } from '../mapping/index.ts';
import { problemInWords } from '../mapping/mapping.ts';
import { personKey } from '../person/anchor.ts';
import type { Entry, GroupRef } from '../person/entry.ts';
import type { Identity } from '../person/identity.ts';

export type Scope = {
  readonly target: string;
  readonly mapping: string;
  readonly inScope: number;
  readonly outOfScope: number;
  readonly failed: number;
  /** The most frequent reasons for failures, with how many people have each; no values. */
  readonly reasons: readonly { readonly why: string; readonly people: number }[];
};

export type ScopeCount = {
  take(entry: Entry, groups: readonly GroupRef[]): void;
  scopes(): readonly Scope[];
};

const MOST_REASONS = 5;

/** @param mappings of the source */
export function countScope(source: string, mappings: readonly Mapping[], now: () => Date): ScopeCount {
  const counts = mappings.map((mapping) => ({
    mapping,
    inScope: 0,
    outOfScope: 0,
    failed: 0,
    reasons: new Map<string, number>(),
  }));
  return {
    take(entry, groups) {
      const at = now();
      const identity = identityOf(source, entry, groups, at);
      for (const count of counts) {
        const mapped = count.mapping.map(identity, at);
        if (mapped.kind === 'in-scope') count.inScope += 1;
        else if (mapped.kind !== 'failed') count.outOfScope += 1;
        else {
          count.failed += 1;
          const [why = 'unknown'] = mapped.problems.map(problemInWords);
          count.reasons.set(why, (count.reasons.get(why) ?? 0) + 1);
        }
      }
    },
    scopes: () =>
      counts.map(({ mapping, reasons, ...numbers }) => ({
        target: mapping.target,
        mapping: mapping.file,
        ...numbers,
        reasons: [...reasons]
          .sort(([, a], [, b]) => b - a)
          .slice(0, MOST_REASONS)
          .map(([why, people]) => ({ why, people })),
      })),
  };
}

function identityOf(source: string, entry: Entry, groups: readonly GroupRef[], at: Date): Identity {
  return {
    key: personKey(source, entry.stableId),
    source,
    stableId: entry.stableId,
    presence: { state: 'present' },
    entry,
    groups,
    version: 1,
    observedAt: at.toISOString(),
  };
}
