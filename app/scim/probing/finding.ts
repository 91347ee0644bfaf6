/**
 * The shapes of a check: what was observed of a target once, what each profile says to it, and the finding that a
 * person reads. An observation is kept apart from the opinion, so that one round of requests can be held against every
 * profile there is. Values of listed users never stand in either.
 */
import type { Profile } from '../profiles/profile.ts';

/** `unknown`: the profile does not say, or the target could not be brought to show it. Nothing follows from it. */
export type Verdict = 'agrees' | 'differs' | 'unknown';

export type Opinion = {
  /** What the profile says, in a few words; '-' where it does not say. */
  readonly says: string;
  readonly verdict: Verdict;
  /** What to do about a difference. */
  readonly advice?: string;
};

export type Observed = {
  /** What was looked at, in a few words. */
  readonly what: string;
  /** What the target showed, in a few words. */
  readonly shows: string;
  against(profile: Profile): Opinion;
};

export type Finding = Omit<Observed, 'against'> & Opinion;

export function findingFor({ what, shows, against }: Observed, profile: Profile): Finding {
  return { what, shows, ...against(profile) };
}

/** Something that no profile says anything about. */
export function told(what: string, shows: string): Observed {
  return { what, shows, against: () => ({ says: '-', verdict: 'unknown' }) };
}

/** Something that every target has to do, or Landbridge cannot work with it. */
export function must(what: string, says: string, shows: string, agrees: boolean, advice: string): Observed {
  return {
    what,
    shows,
    against: () => (agrees ? { says, verdict: 'agrees' } : { says, verdict: 'differs', advice }),
  };
}

/** Something that could not be brought to light. @param says what the profile says, '-' where it does not */
export function unseen(what: string, why: string, says: (profile: Profile) => string = () => '-'): Observed {
  return { what, shows: why, against: (profile) => ({ says: says(profile), verdict: 'unknown' }) };
}
