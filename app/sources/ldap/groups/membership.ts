/**
 * How people and groups of one directory find each other, and what a person's own entry says of that: a login name
 * that groups hold, the primary group, or `memberOf` where people are believed.
 *
 * Who is in which group is concluded by the store, from the names that are given here and in `members.ts`.
 */

import { parseDn } from '../../../person/dn.ts';
import type { GroupRef } from '../../../person/entry.ts';
import { primaryGroupName, uidName } from '../../../person/member-names.ts';
import type { GroupSettings } from '../options.ts';
import { type DecodedAttribute, valuesOf } from '../values/attributes.ts';

export type Membership = {
  /** `uid`: groups hold login names. `dn`: they hold DNs. `own`: people say it themselves. `none`: nobody is asked. */
  readonly by: 'dn' | 'uid' | 'own' | 'none';
  /** People name one group more by a number. */
  readonly primary: boolean;
};

export const NO_MEMBERSHIP: Membership = { by: 'none', primary: false };

/** @param groups null where no group entries are read */
export function membershipOf(groups: GroupSettings | null, ownWord: boolean, primary: boolean): Membership {
  if (groups === null) return ownWord ? { by: 'own', primary: false } : NO_MEMBERSHIP;
  return { by: namesUids(groups) ? 'uid' : 'dn', primary };
}

/** Posix groups name members by uid; all others by DN. */
export function namesUids({ memberAttribute }: GroupSettings): boolean {
  return memberAttribute.toLowerCase() === 'memberuid';
}

/** What has to be read of a person for that, besides the dialect's bookkeeping. */
export function membershipAttributes({ by }: Membership): readonly string[] {
  if (by === 'uid') return ['uid'];
  return by === 'own' ? ['memberOf'] : [];
}

/** The person's names besides the DN, in one order. */
export function memberNamesIn(
  attributes: readonly DecodedAttribute[],
  { by, primary }: Membership,
): readonly string[] {
  const names = by === 'uid' ? valuesOf(attributes, 'uid').map(uidName) : [];
  const group = primary ? primaryGroupSid(attributes) : null;
  return [...new Set(group === null ? names : [...names, primaryGroupName(group)])].sort();
}

/** The groups that the person's own entry names, each by the first part of its DN. */
export function memberOfIn(attributes: readonly DecodedAttribute[]): readonly GroupRef[] {
  const refs = valuesOf(attributes, 'memberOf').map((dn) => ({
    dn,
    name: parseDn(dn)?.[0]?.[0]?.value ?? dn,
  }));
  return refs.sort((a, b) => (a.dn < b.dn ? -1 : 1));
}

/** The group has the person's own SID with another last number ([MS-ADTS] 3.1.1.4.5.11, primaryGroupToken). */
function primaryGroupSid(attributes: readonly DecodedAttribute[]): string | null {
  const [own = ''] = valuesOf(attributes, 'objectSid');
  const [number = ''] = valuesOf(attributes, 'primaryGroupID');
  return /^S-1-5-21-.*-\d+$/.test(own) && /^\d+$/.test(number) ? own.replace(/\d+$/, number) : null;
}
