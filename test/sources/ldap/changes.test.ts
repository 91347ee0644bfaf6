import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { GroupEntry } from '../../../app/person/entry.ts';
import { type Directory, startDirectory } from '../../../sandbox/directory/slapd.ts';
import { GROUPS, group, never, PEOPLE, sourceFor, stamped, T0, tell, uuid } from './invented.ts';

const BY_STAMPS = { tracking: 'time-stamps' } as const;

const dnOf = (uid: string) => `uid=${uid},${PEOPLE}`;

describe('reading changes by stamps', () => {
  let directory: Directory;
  beforeAll(async () => {
    directory = await startDirectory({
      ldif: [
        stamped('ada', 1, '20260301120000', '000001'),
        group('admins', [dnOf('ada')], {
          entryUUID: uuid(90),
          entryCSN: '20260101000000.000000Z#000000#000#000000',
          modifyTimestamp: '20260101000000Z',
        }),
      ].join(''),
    });
  });
  afterAll(() => directory.stop());

  test('O-03: a second change in the second of the watermark and a late entry are both told', async () => {
    const source = sourceFor(directory, BY_STAMPS);
    const first = await tell(source);
    expect(first.uids).toEqual(['ada']);
    expect(first.end.watermark).toContain('"seen":"20260301120000.000001Z"');

    await directory.load(
      stamped('bea', 2, '20260301120000', '000002') +
        stamped('cleo', 3, '20260301115958', '000000') +
        stamped('dora', 4, '20260301115000', '000000'),
    );
    const second = await tell(source, first.end.watermark);
    expect(second.uids).toEqual(['ada', 'bea', 'cleo']);
    expect(second.end).toMatchObject({ complete: true });
    expect(second.end.watermark).toContain('"seen":"20260301120000.000002Z"');

    const third = await tell(source, second.end.watermark);
    expect(third.people).toEqual(second.people);
    expect(third.end.watermark).toBe(second.end.watermark);
  });

  test('what changed while a slow read was under way is told by the next one', async () => {
    let looks = 0;
    const now = () => {
      looks += 1;
      return new Date(T0.getTime() + looks * 3_000);
    };
    const slow = sourceFor(directory, { ...BY_STAMPS, overlapMs: 0, now });
    const first = await tell(slow);
    expect(first.end.watermark).toContain('"from":"20260301115957.000002Z","seen":"20260301120000.000002Z"');
    const second = await tell(slow, first.end.watermark);
    expect(second.uids).toEqual(['ada', 'bea', 'cleo']);
    const third = await tell(slow, second.end.watermark);
    expect(third).toMatchObject({ uids: ['bea'], groups: {} });
  });

  test('O-04: a new name and a move keep the stable id, and the groups are read with it', async () => {
    const source = sourceFor(directory, { ...BY_STAMPS, overlapMs: 0 });
    const before = await tell(source);
    const newDn = `uid=ada.l,ou=engines,${PEOPLE}`;
    await directory.add(`ou=engines,${PEOPLE}`, { objectClass: 'organizationalUnit', ou: 'engines' });
    await directory.rename(dnOf('ada'), newDn);
    const after = await tell(source, before.end.watermark);
    expect(after.people.map(({ stableId, dnKey }) => [stableId, dnKey])).toContainEqual([uuid(1), newDn]);
    expect(after).toMatchObject({ groups: {}, end: { complete: true } });
    // The group did not change at all; it is found by whom it names.
    expect(await namesOf(source.groupsNaming(before.people, never))).toEqual(['admins']);
    expect(await namesOf(source.groupsNaming(after.people, never))).toEqual([]);
  });

  test('a new member is told through the group, although the person was not touched', async () => {
    const source = sourceFor(directory, { ...BY_STAMPS, overlapMs: 0 });
    let mark = (await tell(source)).end.watermark;
    mark = (await tell(source, mark)).end.watermark;
    const revision = (await directory.read(dnOf('bea')))['entryCSN'];
    await directory.modify(`cn=admins,${GROUPS}`, { add: { member: dnOf('bea') } });
    const after = await tell(source, mark);
    expect(after.groups).toEqual({ admins: [dnOf('ada'), dnOf('bea')] });
    expect((await directory.read(dnOf('bea')))['entryCSN']).toEqual(revision);
  });

  test('nothing new: a short answer and no groups', async () => {
    const source = sourceFor(directory, { ...BY_STAMPS, overlapMs: 0 });
    const first = await tell(source);
    const second = await tell(source, first.end.watermark);
    const third = await tell(source, second.end.watermark);
    expect(third).toMatchObject({ people: [], rejected: [] });
    expect(third.end.watermark).toBe(second.end.watermark);
  });

  test.each(['', 'garbage', '{"v":1,"by":"entryCSN","from":"20260301120000ZZ","seen":"20260301120000ZZ"}'])(
    'a damaged watermark %j is "everybody", not "no changes"',
    async (text) => {
      const told = await tell(sourceFor(directory, BY_STAMPS), text as never);
      expect(told.uids).toHaveLength(4);
      expect(told.end).toMatchObject({ names: 'everyone', complete: true });
    },
  );
});

test('O-03: where the account may not see entryCSN, modifyTimestamp is followed', async () => {
  const directory = await startDirectory({
    access: ['access to attrs=entryCSN by * none'],
    ldif: stamped('ada', 1, '20260301120000', '000001'),
  });
  try {
    const source = sourceFor(directory, { ...BY_STAMPS, overlapMs: 0 });
    const first = await tell(source);
    expect(first.end).toMatchObject({ complete: true });
    expect(first.end.watermark).toContain('"by":"modifyTimestamp"');
    await directory.load(
      stamped('bea', 2, '20260301120000', '000002') + stamped('cleo', 3, '20260301115959', '0'.repeat(6)),
    );
    const second = await tell(source, first.end.watermark);
    expect(second.uids).toEqual(['ada', 'bea']);
    expect(second.people[0]?.revision).toBe('20260301120000Z');
  } finally {
    await directory.stop();
  }
});

async function namesOf(groups: AsyncIterable<GroupEntry>): Promise<string[]> {
  const names: string[] = [];
  for await (const { name } of groups) names.push(name);
  return names;
}
