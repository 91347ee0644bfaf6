/**
 * What nobody may be shown of a piece of work, noted as soon as it is known what is wanted and what is there: whatever
 * becomes of it, what is recorded, answered or raised goes through here. Links and intents keep the values themselves,
 * since nothing could be compared or settled without them.
 */
import type { Mapping } from '../../mapping/mapping.ts';
import { concealed, concealedText, sensitiveValues } from '../../plan/conceal.ts';
import type { Desired, Known, Plan } from '../../plan/decision.ts';
import type { ScimUser } from '../../scim/resource.ts';
import type { Link } from '../../store/ports/index.ts';
import type { Sensitive, Work } from './work.ts';

/** Of work of which nothing is known yet. */
export function nothingSensitive(): Sensitive {
  return { policies: [], values: new Set() };
}

/** Adds to what is noted already: more of an account may be known later. */
export function noteSensitive(
  desired: Desired,
  known: Known,
  { policy }: Mapping,
  { sensitive }: Pick<Work, 'sensitive'>,
): void {
  sensitive.policies = policy.attributes;
  for (const user of [...wantedUsers(desired), ...knownUsers(known)]) {
    for (const value of sensitiveValues(user, policy.attributes)) sensitive.values.add(value);
  }
}

/** What is known before anything is asked of the target. */
export function remembered(link: Link | null): Known {
  if (link === null) return { kind: 'nothing' };
  return { kind: 'linked', account: { id: link.id, user: link.echo }, previous: link.desired };
}

/** The plan as it may be kept and shown. */
export function shownPlan(plan: Plan, { sensitive }: Pick<Work, 'sensitive'>): Plan {
  return concealed(plan, sensitive.policies);
}

/** A target's words as they may be kept and shown. */
export function shownWords(words: string, { sensitive }: Pick<Work, 'sensitive'>): string {
  return concealedText(words, sensitive.values);
}

function wantedUsers(desired: Desired): readonly ScimUser[] {
  return desired.kind === 'account' ? [desired.user] : [];
}

function knownUsers(known: Known): readonly ScimUser[] {
  switch (known.kind) {
    case 'nothing':
    case 'ambiguous':
      return [];
    case 'found':
      return [known.account.user];
    case 'linked':
      return [known.account.user, known.previous];
  }
}
