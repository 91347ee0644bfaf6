/** What each way of following Active Directory tells of each event, on a real domain controller. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TrackingName } from '../../../../app/sources/ldap/tracking/names.ts';
import {
  FORMER,
  GROUPS,
  groupAttributes,
  groupLdif,
  PROVISIONING_MS,
  personAttributes,
  personLdif,
  type Samba,
  STAFF,
  SUFFIX,
  startSamba,
} from '../../../support/samba.ts';
import { type AccountName, follow, sourceOf } from './reading.ts';

const dnOf = (name: string) => `CN=${name},${STAFF}`;
const folded = (dn: string) => dn.toLowerCase();

const NAMES = ['ada', 'bea', 'cleo', 'dora', 'emmy', 'fay', 'gerda', 'hedy', 'ida', 'joan'];

const WAYS: readonly [string, AccountName, TrackingName | 'auto', TrackingName][] = [
  ['usn-changed', 'undertaker', 'auto', 'usn-changed'],
  ['dirsync by the right to replicate', 'admin', 'auto', 'dirsync'],
  ['dirsync by own rights', 'undertaker', 'dirsync', 'dirsync'],
];

describe.each(WAYS)('%s', (_, account, tracking, name) => {
  let samba: Samba;
  let reader: Awaited<ReturnType<typeof follow>>;

  beforeAll(async () => {
    const groups = [
      groupLdif('inner', [dnOf('ada')]),
      groupLdif('middle', [`CN=inner,${GROUPS}`]),
      groupLdif('outer', [`CN=middle,${GROUPS}`]),
    ];
    samba = await startSamba(NAMES.map((each) => personLdif(each)).join('') + groups.join(''));
    reader = await follow(sourceOf(samba, account, { tracking }));
  }, PROVISIONING_MS);
  afterAll(() => samba.stop());

  test('the first read names everybody, and says how changes are followed', () => {
    expect(Object.keys(reader.first.people).sort()).toEqual(NAMES);
    expect(Object.keys(reader.first.groups).sort()).toEqual(['inner', 'middle', 'outer']);
    expect(reader.first.end).toMatchObject({
      complete: true,
      problems: [],
      names: 'everyone',
      tracking: name,
    });
  });

  test('nothing happened: nothing is told, and nothing comes twice', async () => {
    expect(await reader.poll()).toMatchObject({ who: [], absent: [], groups: {}, end: { names: 'changes' } });
  });

  test('add', async () => {
    await samba.add(dnOf('kate'), personAttributes('kate'));
    expect(await reader.poll()).toMatchObject({ who: ['kate'], absent: [], end: { complete: true } });
  });

  test('change', async () => {
    await samba.modify(dnOf('ada'), { replace: { title: 'Countess' } });
    const told = await reader.poll();
    expect(told).toMatchObject({ who: ['ada'], absent: [] });
    expect(told.people['ada']?.attributes['title']).toEqual(['Countess']);
    expect((await reader.poll()).who).toEqual([]);
  });

  test('O-03: changes in the same second as a read are told, each once', async () => {
    await samba.modify(dnOf('ada'), { replace: { title: 'Lady' } });
    expect((await reader.poll()).who).toEqual(['ada']);
    await Promise.all([
      samba.modify(dnOf('ada'), { replace: { title: 'Analyst' } }),
      samba.modify(dnOf('bea'), { replace: { title: 'Clerk' } }),
    ]);
    const told = await reader.poll();
    expect(told.who).toEqual(['ada', 'bea']);
    expect(told.people['ada']?.attributes['title']).toEqual(['Analyst']);
    expect((await reader.poll()).who).toEqual([]);
  });

  test('O-04: a new name is the same person', async () => {
    const before = reader.first.people['bea']?.stableId;
    await samba.rename(dnOf('bea'), dnOf('Beatrice\\, B'));
    const told = await reader.poll();
    expect(told).toMatchObject({ who: ['bea'], absent: [] });
    expect(told.people['bea']).toMatchObject({
      stableId: before,
      dnKey: folded(dnOf('beatrice\\, b')),
    });
    expect(await samba.guidOf(dnOf('Beatrice\\, B'))).toBe(before);
  });

  test('O-04: a move within the scope is the same person', async () => {
    await samba.add(`OU=Engines,${STAFF}`, { objectClass: 'organizationalUnit' });
    expect((await reader.poll()).end.names).toBe('changes');
    await samba.rename(dnOf('cleo'), `CN=cleo,OU=Engines,${STAFF}`);
    const told = await reader.poll();
    expect(told).toMatchObject({ who: ['cleo'], absent: [], end: { names: 'changes' } });
    expect(told.people['cleo']).toMatchObject({
      stableId: reader.first.people['cleo']?.stableId,
      dnKey: folded(`CN=cleo,OU=Engines,${STAFF}`),
    });
  });

  test('O-06: a move out of the scope is told at once, and the way back', async () => {
    await samba.rename(dnOf('dora'), `CN=dora,${FORMER}`);
    expect(await reader.poll()).toMatchObject({ who: [], absent: ['dora'], end: { names: 'changes' } });
    await samba.rename(`CN=dora,${FORMER}`, dnOf('dora'));
    expect(await reader.poll()).toMatchObject({ who: ['dora'], absent: [] });
  });

  test('delete, of people and of groups', async () => {
    await samba.add(`CN=fleeting,${GROUPS}`, groupAttributes('fleeting', [dnOf('emmy')]));
    expect(Object.keys((await reader.poll()).groups)).toEqual(['fleeting']);
    const group = await samba.guidOf(`CN=fleeting,${GROUPS}`);
    await samba.remove(dnOf('emmy'));
    await samba.remove(`CN=fleeting,${GROUPS}`);
    const told = await reader.poll();
    expect(told).toMatchObject({ who: [], absent: ['emmy'], groups: {} });
    expect(told.items).toContainEqual({ kind: 'absent', what: 'group', stableId: group });
  });

  test('disable', async () => {
    await samba.setPassword(dnOf('fay'), 'Secret.123.Word');
    expect((await reader.poll()).people['fay']?.attributes['useraccountcontrol']).toEqual(['512']);
    await samba.modify(dnOf('fay'), { replace: { userAccountControl: '514' } });
    const told = await reader.poll();
    expect(told.who).toEqual(['fay']);
    expect(told.people['fay']?.attributes['useraccountcontrol']).toEqual(['514']);
  });

  test('a person joins a group that two more groups hold: that group is told, the person was not touched', async () => {
    await samba.modify(`CN=inner,${GROUPS}`, { add: { member: dnOf('gerda') } });
    const told = await reader.poll();
    expect(told).toMatchObject({ who: [], absent: [] });
    expect(Object.keys(told.groups)).toEqual(['inner']);
    expect(told.groups['inner']).toEqual(
      expect.arrayContaining([folded(dnOf('ada')), folded(dnOf('gerda'))]),
    );
  });

  test('a new primary group is told of the person', async () => {
    const sid = reader.first.people['gerda']?.attributes['objectsid']?.[0] ?? '';
    expect(sid).toMatch(/^S-1-5-21-\d+-\d+-\d+-\d+$/);
    expect(reader.first.people['gerda']?.memberNames).toEqual([`primary:${sid.replace(/\d+$/, '513')}`]);
    const innerSid = reader.first.groups['inner']?.find((member) => member.startsWith('primary:'));
    const rid = innerSid?.split('-').at(-1) ?? '';
    await samba.modify(dnOf('gerda'), { replace: { primaryGroupID: rid } });
    const told = await reader.poll();
    expect(told.who).toEqual(['gerda']);
    expect(told.people['gerda']?.memberNames).toEqual([innerSid]);
  });

  test('a manager who is not read yet is named, and comes', async () => {
    await samba.add(`CN=grace,${FORMER}`, personAttributes('grace'));
    await samba.modify(dnOf('hedy'), { replace: { manager: `CN=grace,${FORMER}` } });
    const told = await reader.poll();
    expect(told.who).toEqual(['hedy']);
    expect(told.people['hedy']?.references).toEqual({ manager: [folded(`CN=grace,${FORMER}`)] });
    await samba.rename(`CN=grace,${FORMER}`, dnOf('grace'));
    // The server names Hedy's manager anew, but says nothing of Hedy; a read of everybody does.
    expect((await reader.poll()).who).toEqual(['grace']);
    const everyone = await follow(sourceOf(samba, account, { tracking }));
    expect(everyone.first.people['hedy']?.references).toEqual({ manager: [folded(dnOf('grace'))] });
  });

  test('a whole branch that is renamed or moved away: everybody is read', async () => {
    await samba.rename(`OU=Engines,${STAFF}`, `OU=Machines,${STAFF}`);
    const renamed = await reader.poll();
    expect(renamed.end).toMatchObject({ names: 'everyone', complete: true });
    expect(renamed.people['cleo']?.dnKey).toBe(folded(`CN=cleo,OU=Machines,${STAFF}`));
    await samba.rename(`OU=Machines,${STAFF}`, `OU=Machines,${FORMER}`);
    const moved = await reader.poll();
    expect(moved.end).toMatchObject({ names: 'everyone', complete: true });
    expect(moved.who).not.toContain('cleo');
    expect((await reader.poll()).end.names).toBe('changes');
  });

  test('a restart between two polls loses nothing', async () => {
    await samba.modify(dnOf('ida'), { replace: { title: 'Pilot' } });
    await samba.restart();
    await samba.modify(dnOf('joan'), { replace: { title: 'Judge' } });
    expect(await reader.poll()).toMatchObject({ who: ['ida', 'joan'], end: { names: 'changes' } });
  });

  test('where the domain itself is the base, references to its other parts are none', async () => {
    const source = sourceOf(samba, account, { tracking, people: { base: SUFFIX } });
    const { first } = await follow(source);
    expect(first.end).toMatchObject({ complete: true, problems: [] });
    expect(Object.keys(first.people)).toContain('Administrator');
    expect(Object.keys(first.people)).not.toContain('DC1$');
  });
});
