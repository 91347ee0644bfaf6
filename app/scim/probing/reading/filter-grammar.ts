/** How much of the filter grammar the target understands, and how it wants URNs and booleans spelled. */
import type { FilterAbilities, FilterOperator } from '../../filter/abilities.ts';
import { equalsFilter } from '../../filter/filter.ts';
import type { Profile } from '../../profiles/profile.ts';
import { ENTERPRISE_URN } from '../../resource.ts';
import { type Ask, succeeded } from '../asking.ts';
import { type Observed, type Opinion, unseen } from '../finding.ts';
import { rawList, search, textOf } from '../users.ts';
import type { ReadingProbe, ReadingScene } from './scene.ts';

/** An attribute of each extension that can be asked for; of others we know none. */
const ASKABLE: Readonly<Record<string, string>> = {
  [ENTERPRISE_URN]: 'employeeNumber',
  'urn:scim:schemas:extension:leankit:user:1.0': 'dateFormat',
  'urn:scim:schemas:extension:slack:guest:1.0': 'type',
};

export const filterGrammar: ReadingProbe = async (scene) => [
  await operators(scene),
  await joins(scene),
  await separator(scene),
  await booleans(scene),
];

async function takes({ ask, profile }: { ask: Ask; profile: Profile }, filter: string): Promise<boolean> {
  const shown = await search(ask, profile.usersPath, filter);
  return succeeded(shown) && rawList(shown.body) !== null;
}

async function operators(scene: ReadingScene): Promise<Observed> {
  const asked: readonly (readonly [FilterOperator, string])[] = [
    ['eq', `userName eq "${scene.nonce}"`],
    ['co', `userName co "${scene.nonce}"`],
    ['sw', `userName sw "${scene.nonce}"`],
    ['pr', 'userName pr'],
    ['gt', `userName gt "${scene.nonce}"`],
  ];
  const taken: FilterOperator[] = [];
  for (const [operator, filter] of asked) if (await takes(scene, filter)) taken.push(operator);
  return {
    what: 'filter: operators',
    shows: taken.length === 0 ? 'none' : taken.join(' '),
    against: ({ filter }) => {
      const relied = asked.map(([operator]) => operator).filter((each) => filter.operators.includes(each));
      const missing = relied.filter((operator) => !taken.includes(operator));
      const says = relied.join(' ');
      if (missing.length === 0) return { says, verdict: 'agrees' };
      const advice = `the profile must not rely on ${missing.join(' ')}`;
      return { says, verdict: 'differs', advice };
    },
  };
}

/** Some servers answer with nobody to what they cannot read, so somebody who is there has to be found. */
async function joins(scene: ReadingScene): Promise<Observed> {
  const { ask, profile, sample, nonce } = scene;
  const known = sample === null ? null : textOf(sample, 'userName');
  const [wanted, other] = [equalsFilter('userName', known ?? nonce), equalsFilter('userName', nonce)];
  const shown = await search(ask, profile.usersPath, `(${other} or ${wanted}) and ${wanted}`);
  const list = succeeded(shown) ? rawList(shown.body) : null;
  const taken = list !== null && (known === null || list.users.length > 0);
  return {
    what: 'filter: and, or, brackets',
    shows: list === null ? 'refused' : taken ? 'taken' : 'finds nobody',
    against: ({ filter }) => {
      const says = filter.joins ? 'taken' : 'not used';
      if (taken || !filter.joins) return { says, verdict: 'agrees' };
      return { says, verdict: 'differs', advice: 'the profile must not join expressions' };
    },
  };
}

async function separator(scene: ReadingScene): Promise<Observed> {
  const [urn, name] = askable(scene.profile);
  const what = 'filter: after a URN';
  if (urn === null) return unseen(what, 'no extension to ask for', ({ filter }) => filter.afterUrn);
  const taken: FilterAbilities['afterUrn'][] = [];
  for (const mark of [':', '.'] as const) {
    if (await takes(scene, `${urn}${mark}${name} eq "${scene.nonce}"`)) taken.push(mark);
  }
  return spelled(what, taken, ({ filter }) => filter.afterUrn, 'afterUrn');
}

function askable({ extensions }: Profile): readonly [string, string] | readonly [null, null] {
  for (const urn of extensions) {
    const name = ASKABLE[urn];
    if (name !== undefined) return [urn, name];
  }
  return [null, null];
}

/** A spelling that is taken and finds nobody at all, where the other finds somebody, was read as something else. */
async function booleans(scene: ReadingScene): Promise<Observed> {
  const found = new Map<FilterAbilities['booleans'], number>();
  for (const [spelling, literals] of [
    ['bare', ['true', 'false']],
    ['quoted', ['"true"', '"false"']],
  ] as const) {
    const active = await countOf(scene, `active eq ${literals[0]}`);
    const inactive = active === null ? null : await countOf(scene, `active eq ${literals[1]}`);
    if (active !== null && inactive !== null) found.set(spelling, active + inactive);
  }
  const most = Math.max(0, ...found.values());
  const taken = [...found].flatMap(([spelling, count]) => (count === most ? [spelling] : []));
  return spelled('filter: booleans', taken, ({ filter }) => filter.booleans, 'booleans');
}

async function countOf({ ask, profile }: ReadingScene, filter: string): Promise<number | null> {
  const shown = await search(ask, profile.usersPath, filter);
  const list = succeeded(shown) ? rawList(shown.body) : null;
  return list === null ? null : (list.total ?? list.users.length);
}

function spelled(
  what: string,
  taken: readonly string[],
  wanted: (profile: Profile) => string,
  field: keyof FilterAbilities,
): Observed {
  return {
    what,
    shows: taken.length === 0 ? 'neither is taken' : taken.join(' and '),
    against: (profile): Opinion => {
      const says = wanted(profile);
      if (taken.includes(says)) return { says, verdict: 'agrees' };
      if (taken.length === 0) return { says, verdict: 'unknown' };
      return {
        says,
        verdict: 'differs',
        advice: `the profile's filter.${field} has to be ${JSON.stringify(taken[0])}`,
      };
    },
  };
}
