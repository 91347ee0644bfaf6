/** Which groups there are and whether they show their members; or whether people name their groups, where they are believed. */
import type { Census } from '../../checking/census.ts';
import type { Membership } from '../../checking/membership.ts';
import { groupFindings } from '../../checking/people.ts';
import { type Finding, good, lacking } from '../../checking/report.ts';
import type { Scene } from './scene.ts';

export function groupsFindings(
  { session }: Scene,
  census: Census,
  membership: Membership,
): readonly Finding[] {
  const { groups, settings } = session;
  if (settings.believesMemberOf) return [ownWord(census, settings.account)];
  if (groups === null) return [];
  const advice = `see that groups.base, groups.filter and groups.memberAttribute are right, and that ${settings.account} may read ${groups.memberAttribute} there`;
  return groupFindings(census, membership, advice);
}

function ownWord({ people, namingGroups }: Census, account: string): Finding {
  const what = 'memberOf';
  if (namingGroups > 0) return good(what, `on ${namingGroups} of ${people}`);
  return lacking(
    what,
    'on nobody',
    `nobody is in any group: let ${account} read memberOf, and see that the server keeps it`,
  );
}
