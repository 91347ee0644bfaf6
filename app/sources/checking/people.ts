/** What a census says of people, their attributes and groups, and what an operator should make of it. Pure. */
import type { Census } from './census.ts';
import type { Membership } from './membership.ts';
import { counted, type Finding, good, lacking, told, wrong } from './report.ts';

const REJECTED =
  'as long as there are any, no read is complete, and nobody who left loses access: see what the read says';
const DOUBLE_UIDS = 'groups that name members by uid give nothing to any of them: make uids unique';
const PARTIAL = 'the read is incomplete, and nobody is taken out of them: see what the read says';
const ONLY_STRANGERS =
  'no group has anybody in it who is read here: see that groups.memberAttribute, people.base and groups.base fit together';

/** @param where where to look for the reason where there is nobody */
export function peopleFindings(census: Census, where: string): readonly Finding[] {
  const { people, rejected, doubleUids } = census;
  const shows = counted(people, 'person', 'people');
  return [
    people > 0
      ? good('people', shows)
      : wrong('people', shows, `nobody is there to be provisioned: see that ${where}`),
    ...(rejected === 0 ? [] : [wrong('records without use', String(rejected), REJECTED)]),
    ...(doubleUids === 0 ? [] : [lacking('login names of several people', String(doubleUids), DOUBLE_UIDS)]),
  ];
}

/**
 * @param name as it is written where it is asked for
 * @param mapped whether a mapping reads it
 * @param advice what it means where nobody has it
 */
export function attributeFinding(
  { people, having }: Census,
  name: string,
  mapped: boolean,
  advice: string,
): Finding {
  const count = having.get(name.toLowerCase().split(';')[0] ?? '') ?? 0;
  const what = `attribute ${name}`;
  const shows = count === 0 ? 'on nobody' : `on ${count} of ${people}`;
  if (count > 0) return good(what, shows);
  return mapped && people > 0 ? lacking(what, shows, advice) : told(what, shows);
}

/** @param advice where to look for the reason where there is no group, or no member in any */
export function groupFindings(census: Census, membership: Membership, advice: string): readonly Finding[] {
  const { groups } = census;
  const { depth, circular, strangers, mostMembers } = membership;
  const partial = groups.filter((group) => group.partial === true).length;
  const isNested = depth > 1 || circular > 0;
  return [
    mostMembers === 0
      ? lacking('groups', groups.length === 0 ? 'none' : `${groups.length}, none with a member`, advice)
      : good('groups', `${groups.length}, with up to ${counted(mostMembers, 'member', 'members')}`),
    ...(isNested ? [told('groups in groups', depthInWords(depth, circular))] : []),
    ...(partial === 0 ? [] : [wrong('groups given in part', String(partial), PARTIAL)]),
    ...(strangers === 0 ? [] : [strangersFinding(strangers, census)]),
  ];
}

function depthInWords(depth: number, circular: number): string {
  const levels = `${depth} levels`;
  return circular === 0 ? levels : `${levels}, ${counted(circular, 'group', 'groups')} in or above a circle`;
}

function strangersFinding(strangers: number, { groups, carriers }: Census): Finding {
  const what = 'members who are not read';
  const isAnybodyRead = groups.some(({ members }) => members.some((name) => carriers.has(name)));
  return isAnybodyRead ? told(what, String(strangers)) : lacking(what, `all ${strangers}`, ONLY_STRANGERS);
}
