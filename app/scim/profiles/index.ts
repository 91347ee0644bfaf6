/** The target profiles there are. A new one is a file beside this one and a line in the list. */
import { agileplace } from './agileplace.ts';
import { generic } from './generic.ts';
import type { Profile } from './profile.ts';

const PROFILES: readonly Profile[] = [agileplace, generic];

export const PROFILE_NAMES: readonly string[] = PROFILES.map((profile) => profile.name);

/** @returns null where there is no such profile */
export function profileNamed(name: string): Profile | null {
  return PROFILES.find((profile) => profile.name === name) ?? null;
}

export type { Profile } from './profile.ts';
