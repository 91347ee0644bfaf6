/** The target profiles there are. A new one is a file beside this one and a line in the list (docs/targets.md). */
import { agileplace } from './agileplace.ts';
import { generic } from './generic.ts';
import { oktaStyle } from './okta-style.ts';
import { pingdirectory } from './pingdirectory.ts';
import type { Profile } from './profile.ts';
import { slack } from './slack.ts';
import { uaa } from './uaa.ts';
import { wso2 } from './wso2.ts';

export const PROFILES: readonly Profile[] = [agileplace, slack, uaa, wso2, pingdirectory, oktaStyle, generic];

export const PROFILE_NAMES: readonly string[] = PROFILES.map((profile) => profile.name);

/** @returns null where there is no such profile */
export function profileNamed(name: string): Profile | null {
  return PROFILES.find((profile) => profile.name === name) ?? null;
}

export type { Profile } from './profile.ts';
