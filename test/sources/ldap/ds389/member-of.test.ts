import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Ds389, startDs389 } from '../../../support/ds389.ts';
import { GROUPS } from '../invented.ts';
import { addGroup, addPerson, dnOf, follow } from './news.ts';

let directory: Ds389;
beforeAll(async () => {
  directory = await startDs389({ retroChangelog: true, memberOf: true });
  await addPerson(directory, 'ada');
  await addPerson(directory, 'grace');
  await addGroup(directory, 'inner', [dnOf('grace')]);
  await addGroup(directory, 'outer', [`cn=inner,${GROUPS}`]);
});
afterAll(() => directory.stop());

test('with the MemberOf plug-in, who joins a group through two levels is told as changed, with both groups', async () => {
  const groups = { memberAttribute: 'memberOf' };
  const log = follow(directory, 'retro-changelog', { groups });
  const stamps = follow(directory, 'time-stamps', { groups });
  await log.hear();
  await stamps.hear();
  await directory.modify(`cn=inner,${GROUPS}`, { add: { member: dnOf('ada') } });
  // So the stamp moves with it, which in OpenLDAP it does not.
  const { modifiersName } = await directory.read(dnOf('ada'));
  expect(modifiersName).toEqual(['cn=MemberOf Plugin,cn=plugins,cn=config']);
  for (const follower of [log, stamps]) {
    const { entries } = await follower.hear();
    const ada = entries.find(({ attributes }) => attributes['uid']?.[0] === 'ada');
    expect(ada?.memberOf?.map(({ name }) => name)).toEqual(['inner', 'outer']);
  }
});

test('a member who is renamed is renamed in the group, and both are told', async () => {
  const follower = follow(directory, 'retro-changelog');
  await follower.hear();
  await directory.rename(dnOf('grace'), dnOf('grace.h'));
  const { people, groups } = await follower.hear();
  expect(people).toEqual(['grace.h']);
  expect(groups).toEqual({ inner: ['ada', 'grace.h'] });
});
