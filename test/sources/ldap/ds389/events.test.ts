import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TrackingName } from '../../../../app/sources/ldap/tracking/names.ts';
import { type Ds389, startDs389 } from '../../../support/ds389.ts';
import { FORMER, GROUPS, PEOPLE } from '../invented.ts';
import { addGroup, addPerson, dnOf, type Follower, follow, idOf, type News } from './news.ts';

/** What each way tells after each event; `stamps` cannot see what leaves no stamp in the people base. */
describe('389 Directory Server, event by event, for each way to follow changes', () => {
  let directory: Ds389;
  let followers: Readonly<Record<string, Follower>>;

  beforeAll(async () => {
    directory = await startDs389({ contentSync: true });
    await addPerson(directory, 'ada');
    await addPerson(directory, 'grace');
    await addGroup(directory, 'inner', [dnOf('grace')]);
    await addGroup(directory, 'middle', [`cn=inner,${GROUPS}`]);
    await addGroup(directory, 'outer', [`cn=middle,${GROUPS}`]);
    const ways: readonly TrackingName[] = ['retro-changelog', 'content-sync', 'time-stamps'];
    followers = Object.fromEntries(ways.map((name) => [name, follow(directory, name)]));
  });
  afterAll(() => directory.stop());

  type Expected = Partial<Pick<News, 'people' | 'groups' | 'absent'>>;

  /** What stamps tell again because it lies in the second of their mark is left out of the comparison. */
  async function expectNews(log: Expected, sync: Expected, stamps: Expected): Promise<void> {
    const empty = { people: [], groups: {}, absent: [] };
    const heard = async (name: string) => {
      const { people, groups, absent, end } = (await followers[name]?.hear()) ?? raise();
      expect(end).toMatchObject({ tracking: name, complete: true, names: 'changes', problems: [] });
      return { people, groups, absent };
    };
    expect(await heard('retro-changelog')).toEqual({ ...empty, ...log });
    expect(await heard('content-sync')).toEqual({ ...empty, ...sync });
    const { people, groups, absent } = await heard('time-stamps');
    expect(people).toEqual(expect.arrayContaining([...(stamps.people ?? [])]));
    expect(groups).toMatchObject(stamps.groups ?? {});
    expect(absent).toEqual([]);
  }

  test('the first read names everybody', async () => {
    for (const [name, follower] of Object.entries(followers)) {
      const { people, groups, end } = await follower.hear();
      expect(people).toEqual(['ada', 'grace']);
      expect(groups).toEqual({ inner: ['grace'], middle: ['inner'], outer: ['middle'] });
      expect(end).toMatchObject({ tracking: name, names: 'everyone', complete: true, notices: [] });
    }
  });

  test('nothing happened', async () => {
    await expectNews({}, {}, {});
  });

  test('add', async () => {
    await addPerson(directory, 'joan');
    await expectNews({ people: ['joan'] }, { people: ['joan'] }, { people: ['joan'] });
  });

  test('change, and two changes in the same second', async () => {
    await directory.modify(dnOf('joan'), { replace: { sn: 'Clarke' } });
    await directory.modify(dnOf('joan'), { replace: { sn: 'Murray' } });
    await directory.modify(dnOf('ada'), { replace: { sn: 'Lovelace' } });
    const both = { people: ['ada', 'joan'] };
    await expectNews(both, both, both);
  });

  test('O-04: rename', async () => {
    const id = await idOf(directory, dnOf('joan'));
    await directory.rename(dnOf('joan'), dnOf('joan.m'));
    const renamed = { people: ['joan.m'] };
    await expectNews(renamed, renamed, renamed);
    expect(await idOf(directory, dnOf('joan.m'))).toBe(id);
  });

  test('O-04: move within scope', async () => {
    await directory.add(`ou=engines,${PEOPLE}`, { objectClass: 'organizationalUnit', ou: 'engines' });
    await followers['retro-changelog']?.hear();
    await directory.rename(dnOf('joan.m'), `uid=joan.m,ou=engines,${PEOPLE}`);
    const moved = { people: ['joan.m @ engines'] };
    await expectNews(moved, moved, moved);
  });

  test('O-06: move out of scope, and back', async () => {
    const inside = `uid=joan.m,ou=engines,${PEOPLE}`;
    const id = await idOf(directory, inside);
    await directory.rename(inside, `uid=joan.m,${FORMER}`);
    await expectNews({ absent: [id] }, { absent: [id] }, {});
    await directory.rename(`uid=joan.m,${FORMER}`, dnOf('joan.m'));
    const back = { people: ['joan.m'] };
    await expectNews(back, back, back);
  });

  test('disable', async () => {
    await directory.modify(dnOf('joan.m'), { replace: { nsAccountLock: 'true' } });
    const disabled = { people: ['joan.m'] };
    await expectNews(disabled, disabled, disabled);
    const { entries } = (await followers['retro-changelog']?.hear(true)) ?? raise();
    const joan = entries.find(({ attributes }) => attributes['uid']?.[0] === 'joan.m');
    expect(joan?.attributes['nsaccountlock']).toEqual(['true']);
  });

  test('group join through two nested levels: the group alone is told', async () => {
    await directory.modify(`cn=inner,${GROUPS}`, { add: { member: dnOf('ada') } });
    const joined = { groups: { inner: ['ada', 'grace'] } };
    await expectNews(joined, joined, joined);
  });

  test('manager set before the manager exists', async () => {
    await directory.modify(dnOf('ada'), { replace: { manager: dnOf('mary') } });
    const named = { people: ['ada'] };
    await expectNews(named, named, named);
    await addPerson(directory, 'mary');
    const arrived = { people: ['mary'] };
    await expectNews(arrived, arrived, arrived);
  });

  test('restart of the server between polls', async () => {
    await addPerson(directory, 'hedy');
    await directory.restart();
    await directory.modify(dnOf('grace'), { replace: { sn: 'Hopper' } });
    const both = { people: ['grace', 'hedy'] };
    await expectNews(both, both, both);
    await expectNews({}, {}, {});
  });

  test('delete', async () => {
    const id = await idOf(directory, dnOf('hedy'));
    await directory.remove(dnOf('hedy'));
    await expectNews({ absent: [id] }, { absent: [id] }, {});
  });

  test('a group is deleted', async () => {
    const id = await idOf(directory, `cn=outer,${GROUPS}`);
    await directory.remove(`cn=outer,${GROUPS}`);
    for (const name of ['retro-changelog', 'content-sync']) {
      const { absentGroups, end } = (await followers[name]?.hear()) ?? raise();
      expect(absentGroups).toEqual([id]);
      expect(end).toMatchObject({ names: 'changes', complete: true });
    }
  });
});

function raise(): never {
  throw new Error('there is no such follower');
}
