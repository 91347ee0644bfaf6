/**
 * What a decision comes to, as one text to be sealed: who, which account, what it shall be, and what of it the target
 * has otherwise. Two decisions with the same text write the same to the same account. What the target has besides is
 * not in it: it is not ours, and nothing of it is written over. Pure.
 */
import type { PersonKey } from '../../person/anchor.ts';
import type { Plan } from '../../plan/decision.ts';
import type { Difference } from '../../scim/differences.ts';
import { elementKey } from '../../scim/differences.ts';
import { type AttributePath, formatPath, isJsonList, type Json, type ScimUser } from '../../scim/resource.ts';

/** @param withheld references that are left out of it */
export function essenceOf(
  key: PersonKey,
  target: string,
  decided: Plan,
  withheld: readonly AttributePath[],
): string {
  const without = withheld.map((path) => formatPath(path)).sort();
  return JSON.stringify([key, target, without, decided.action, ...saidBy(decided)]);
}

function saidBy(decided: Plan): readonly unknown[] {
  switch (decided.action) {
    case 'none':
      return [];
    case 'hold':
      return [decided.reason];
    case 'create':
      return [attributesOf(decided.user)];
    case 'delete':
      return [decided.id];
    case 'adopt':
    case 'update':
    case 'reactivate':
    case 'deactivate':
      return [decided.id, attributesOf(decided.asked), decided.differences.map(saidOf)];
  }
}

function attributesOf(user: ScimUser): readonly unknown[] {
  const each = Object.entries(user).map(([name, value]) => JSON.stringify([name.toLowerCase(), said(value)]));
  return each.sort();
}

function saidOf({ path, before, after }: Difference): readonly unknown[] {
  return [formatPath(path).toLowerCase(), said(before), said(after)];
}

/** The same however the target orders and spells it: a listing and a look-up may differ there. */
function said(value: Json | undefined): unknown {
  if (value === undefined) return null;
  return isJsonList(value) ? value.map(elementKey).sort() : elementKey(value);
}
