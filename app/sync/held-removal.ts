/**
 * A held removal as an operator reviews it: whom it is about, what it would do and why, since when it waits and until
 * when. What it would do is decided anew from what is known now, without asking the target, so that it shows whether it
 * is still needed. It writes nothing and holds nothing.
 */
import type { Mapping } from '../mapping/mapping.ts';
import { isGroupKey, type PersonKey } from '../person/anchor.ts';
import type { Entry } from '../person/entry.ts';
import type { Identity } from '../person/identity.ts';
import { type Desired, isRemoval, type Plan } from '../plan/decision.ts';
import type { GuardPolicy } from '../plan/guard.ts';
import { plan } from '../plan/plan.ts';
import type {
  DueGroups,
  DueMarks,
  HeldRemoval,
  Identities,
  Links,
  ListedHold,
  Runs,
} from '../store/ports/index.ts';
import { wanted } from './desired.ts';
import { hiddenAttributes } from './hidden-attributes.ts';
import { mappingsJoining } from './joined-news.ts';
import { rememberedBy } from './provisioning/remembered.ts';
import { isAbsence, isDecidedOn } from './reading/superseded.ts';
import { seenBy } from './seen.ts';

export type ReviewDeps = {
  readonly mappings: readonly Mapping[];
  readonly identities: Identities;
  readonly links: Links;
  readonly due: Pick<DueMarks, 'lastServed'>;
  readonly dueGroups: DueGroups;
  readonly runs: Pick<Runs, 'get'>;
  readonly guard: GuardPolicy;
  readonly now: () => Date;
};

export type ReviewedHold = {
  /** A person's key, or a group's. */
  readonly person: string;
  /** As the source calls them; absent where that is not known, or not to be shown. */
  readonly name?: string;
  readonly target: string;
  readonly state: 'waiting' | 'rejected';
  /** Of a plan; `none` where nothing would be removed any more. */
  readonly action: string;
  readonly why: string;
  /** ISO 8601, like all times here. */
  readonly since: string;
  /** While it waits: when it ends by itself; absent where only a word ends it. */
  readonly expires?: string;
  /** Who has rejected it. */
  readonly decided?: { readonly by: string; readonly at: string; readonly reason: string };
  readonly run: string;
};

/** @param named whether whoever asks may read what people are called */
export async function reviewHold(
  { removal, run, rejection }: ListedHold,
  named: boolean,
  deps: ReviewDeps,
): Promise<ReviewedHold> {
  const { key, target, since } = removal;
  const foreseen: Foreseen = isGroupKey(key)
    ? ((await deps.dueGroups.lastServed(target, key))?.plan ?? UNKNOWN)
    : await foresee(key, removal, deps);
  const { action, reason, name } = foreseen;
  const ends =
    rejection === null
      ? await endOf(removal, run, deps)
      : { decided: { by: rejection.actor, at: rejection.at, reason: rejection.reason } };
  return {
    person: key,
    ...(named && name !== undefined ? { name } : {}),
    target,
    state: rejection === null ? 'waiting' : 'rejected',
    action,
    why: reason,
    since,
    ...ends,
    run,
  };
}

/** An absence in a run that somebody has decided in part does not end by itself, as in `hold-expiry.ts`. */
async function endOf(
  removal: HeldRemoval,
  id: string,
  { runs, guard }: ReviewDeps,
): Promise<Pick<ReviewedHold, 'expires'>> {
  const holder = removal.absence === undefined ? null : await runs.get(id);
  if (holder !== null && isDecidedOn(holder)) return {};
  return { expires: new Date(Date.parse(removal.since) + guard.holdForMs).toISOString() };
}

type Foreseen = { readonly action: string; readonly reason: string; readonly name?: string };

const UNKNOWN: Plan = { action: 'none', reason: 'nothing is known of them at this target any more' };

/** Of somebody who has no account themselves: their record is joined with other people's. */
const JOINED: Plan = {
  action: 'none',
  reason: 'missing at this source: nothing that it says of them would count any more',
};

async function foresee(key: PersonKey, removal: HeldRemoval, deps: ReviewDeps): Promise<Foreseen> {
  const [identity, link] = await Promise.all([deps.identities.get(key), deps.links.get(removal.target, key)]);
  const mapping = deps.mappings.find(
    (one) => one.source === identity?.source && one.target === removal.target,
  );
  if (identity === null) return UNKNOWN;
  const name = nameOf(identity.entry, hiddenAttributes(identity.source, deps.mappings));
  const called = name === undefined ? {} : { name };
  if (mapping === undefined)
    return { ...(mappingsJoining(identity.source, deps).length > 0 ? JOINED : UNKNOWN), ...called };
  const now = deps.now();
  const desired: Desired | null = isAbsence(removal)
    ? { kind: 'leaver', why: 'leaver', reason: removal.absence }
    : wanted(await seenBy(mapping, identity, deps), mapping, now).desired;
  if (desired === null) return { action: 'none', reason: 'cannot be mapped', ...called };
  const decided = link === null ? UNKNOWN : plan(desired, rememberedBy(link), mapping.policy, now);
  const held = isRemoval(decided) ? decided : await heldWhenSeen(identity, removal.target, deps);
  if (held !== null) return { action: held.action, reason: held.reason, ...called };
  // Whatever else is to be done about them is not held.
  return { action: 'none', reason: decided.reason, ...called };
}

/**
 * What was held when the account was last looked at, as long as nothing new is known of its owner: what was changed by
 * hand shows there alone.
 */
async function heldWhenSeen(
  { key, observedAt }: Identity,
  target: string,
  { due }: ReviewDeps,
): Promise<Plan | null> {
  const served = await due.lastServed(target, key);
  return served?.state === 'held' && served.at >= observedAt ? served.plan : null;
}

/**
 * As directories show people to others: what is meant for that, else given and family name.
 * @param hidden attributes that nobody is shown
 */
function nameOf({ attributes }: Entry, hidden: ReadonlySet<string>): string | undefined {
  const first = (attribute: string) =>
    hidden.has(attribute) ? '' : (attributes[attribute]?.[0]?.trim() ?? '');
  const parts = [first('givenname'), first('sn')].filter((part) => part !== '').join(' ');
  return [first('displayname'), parts, first('cn'), first('name')].find((text) => text !== '');
}
