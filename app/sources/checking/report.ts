/**
 * The shapes of a check of a source: what it is asked, and what it found. A finding never holds a value of a person; the
 * sample alone does, where whoever asks wants to see it.
 */
import type { Entry, GroupRef } from '../../person/entry.ts';

/**
 * `good`: as it should be. `told`: nothing follows from it. `lacking`: it works, and less well than it could, or
 * probably not as meant. `wrong`: people cannot be read, or not all of them.
 */
export type Verdict = 'good' | 'told' | 'lacking' | 'wrong';

export type Finding = {
  /** What was looked at, in a few words. */
  readonly what: string;
  /** What was found there. */
  readonly shows: string;
  readonly verdict: Verdict;
  /** What it means and how to mend it. */
  readonly advice?: string;
  /** How long it took, in milliseconds. */
  readonly ms?: number;
};

export type SourceCheck = {
  /** The attributes that mappings read, in any case. */
  readonly mapped: readonly string[];
  /** Whether the source is to be listened to. */
  readonly pushes: boolean;
  /** Whom to show: an id, a DN, a login name, a mail address. Null: somebody. */
  readonly person: string | null;
  /** Show values as they are; else only of what kind and how long they are. */
  readonly showValues: boolean;
  /** Told of each person who is read, once, with all their groups. */
  readonly onPerson: (entry: Entry, groups: readonly GroupRef[]) => void;
  /** For what goes on meanwhile. */
  readonly note: (line: string) => void;
  /** Milliseconds that only grow. */
  readonly elapsed: () => number;
  readonly now: () => Date;
  readonly signal: AbortSignal;
};

export type SampleAttribute = {
  readonly name: string;
  /** How its values are read. */
  readonly syntax: string;
  /** Masked, unless they were asked for; empty where the person has none. */
  readonly values: readonly string[];
};

export type Sample = {
  readonly attributes: readonly SampleAttribute[];
  /** How many groups they are in, nested ones counted. */
  readonly groups: number;
};

export type SourceReport = {
  readonly findings: readonly Finding[];
  /** A person as mappings see them; null where there is nobody to show. */
  readonly sample: Sample | null;
  /** Why it ended before everything was asked; null where it did not. */
  readonly brokenOff: string | null;
};

export function good(what: string, shows: string): Finding {
  return { what, shows, verdict: 'good' };
}

export function told(what: string, shows: string): Finding {
  return { what, shows, verdict: 'told' };
}

export function lacking(what: string, shows: string, advice: string): Finding {
  return { what, shows, verdict: 'lacking', advice };
}

export function wrong(what: string, shows: string, advice: string): Finding {
  return { what, shows, verdict: 'wrong', advice };
}

/** Whether a mapping reads the attribute. */
export function isMapped({ mapped }: SourceCheck, name: string): boolean {
  return mapped.some((each) => each.toLowerCase() === name.toLowerCase());
}

/** `1 person`, `2 people` */
export function counted(number: number, one: string, many: string): string {
  return `${number} ${number === 1 ? one : many}`;
}
