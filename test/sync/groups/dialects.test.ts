/** A group's life at each kind of target that has groups: what the target makes of its name is no reason to write. */
import { expect, test } from 'vitest';
import { startDirectory } from '../../../sandbox/directory/slapd.ts';
import { group, person } from '../../sources/ldap/invented.ts';
import { groupDn, personDn, startGroupRig } from './group-rig.ts';

test.each([
  ['generic', ''],
  ['okta-style', ''],
  ['uaa', ''],
  ['wso2', 'PRIMARY/'],
])('a group lives at %s', async (profile, store) => {
  const [rig, directory] = await Promise.all([
    startGroupRig({ profile }),
    startDirectory({
      ldif: person('ada') + person('bea') + group('engines', [personDn('ada')]),
    }),
  ]);
  try {
    expect(await rig.step('sweep', directory)).toEqual(['POST']);
    expect(await rig.step('sweep', directory)).toEqual([]);
    await directory.modify(groupDn('engines'), { add: { member: personDn('bea') } });
    expect(await rig.step('poll', directory)).toHaveLength(1);
    await directory.rename(groupDn('engines'), groupDn('machines'));
    expect(await rig.step('poll', directory)).toHaveLength(1);
    expect(await rig.atTarget()).toEqual({ [`${store}machines`]: ['ada', 'bea'] });
    await rig.redis.flushall();
    expect(await rig.step('sweep', directory)).toEqual([]);
  } finally {
    await Promise.all([rig.stop(), directory.stop()]);
  }
});
