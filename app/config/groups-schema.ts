/**
 * How the groups of a directory are configured: as entries below a base that name their members, or by what people's own
 * entries say. The second way reads no groups, so whatever is about reading them is refused there.
 */
import * as z from 'zod';
import { ALSO_WHEN_INCOMPLETE, flag, text } from './fields.ts';
import { attributeName, distinguishedName, ldapFilter } from './ldap-fields.ts';
import type { Surroundings } from './surroundings.ts';

export function groupsSchema(around: Surroundings) {
  return z
    .strictObject({
      base: text(
        around,
        'The DN under which groups stand. Required, but not with memberAttribute memberOf.',
        distinguishedName(around),
      ).exactOptional(),
      filter: text(
        around,
        'Which entries are groups. Without it: what is usual for the kind of directory.',
        ldapFilter(around),
      ).exactOptional(),
      memberAttribute: text(
        around,
        "The attribute that names the members: member, uniqueMember, memberUid. Or memberOf, which is people's own and names their groups: then it is believed, and no groups are read. Without it: what is usual for the kind of directory.",
        attributeName,
      ).exactOptional(),
      nameAttribute: text(
        around,
        'The attribute that names the group. Without it: cn.',
        attributeName,
      ).exactOptional(),
      nested: flag(
        around,
        'Whether members of a group that is in another group are members of both. Without it: true.',
      ).exactOptional(),
    })
    .superRefine(checkWhole, ALSO_WHEN_INCOMPLETE)
    .describe('Which groups people are in. Without it mappings see no groups.');
}

type Groups = Readonly<Record<'base' | 'filter' | 'memberAttribute' | 'nameAttribute' | 'nested', unknown>>;

function checkWhole(groups: Partial<Groups>, context: z.RefinementCtx): void {
  const { memberAttribute } = groups;
  const believes = typeof memberAttribute === 'string' && memberAttribute.toLowerCase() === 'memberof';
  const refuse = (field: string, message: string) =>
    context.addIssue({ code: 'custom', path: [field], message });
  if (!believes) {
    if (groups.base === undefined)
      refuse('base', 'is missing. Name the DN under which groups stand, or set memberAttribute to memberOf.');
    return;
  }
  for (const field of ['base', 'filter', 'nameAttribute', 'nested'] as const) {
    if (groups[field] === undefined) continue;
    refuse(field, 'is of no use with memberAttribute memberOf, which reads no groups. Take it out.');
  }
}
