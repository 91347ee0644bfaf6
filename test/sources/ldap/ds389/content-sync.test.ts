import { afterAll, beforeAll, expect, test } from 'vitest';
import { ldifEntry } from '../../../../sandbox/directory/ldif.ts';
import { type Ds389, startDs389 } from '../../../support/ds389.ts';
import { PEOPLE, personAttributes } from '../invented.ts';
import { addPerson, dnOf, follow, idOf } from './news.ts';

const CLASSES = ['top', 'person', 'organizationalPerson', 'inetOrgPerson'];
const MANY = Array.from({ length: 60 }, (_, index) => `u${index}`);

let directory: Ds389;
beforeAll(async () => {
  directory = await startDs389({
    contentSync: true,
    ldif: MANY.map((uid) => ldifEntry(dnOf(uid), { ...personAttributes(uid), objectClass: CLASSES })).join(
      '',
    ),
  });
  await addPerson(directory, 'ada');
});
afterAll(() => directory.stop());

test('what was asked for is told of a change although the server leaves it out of its answer', async () => {
  const follower = follow(directory, 'content-sync');
  await follower.hear();
  await directory.modify(dnOf('ada'), { replace: { nsAccountLock: 'true' } });
  const { entries, end } = await follower.hear();
  expect(end).toMatchObject({ names: 'changes', complete: true, notices: [] });
  expect(entries.map(({ stableId, attributes }) => [stableId, attributes['nsaccountlock']])).toEqual([
    [await idOf(directory, dnOf('ada')), ['true']],
  ]);
});

test('many deletions at once: the server loses one of them, so everybody is read', async () => {
  const follower = follow(directory, 'content-sync');
  expect((await follower.hear()).people).toHaveLength(61);
  for (const uid of MANY) await directory.remove(dnOf(uid));
  const after = await follower.hear();
  expect(after.people).toEqual(['ada']);
  expect(after.end).toMatchObject({
    names: 'everyone',
    complete: true,
    notices: ['everybody was read: the server loses some where many were deleted'],
  });
  expect((await follower.hear()).end).toMatchObject({ names: 'changes', notices: [] });
});

test('another filter is another question: a cookie of the old one is not used', async () => {
  const first = follow(directory, 'content-sync');
  const { end } = await first.hear();
  const other = follow(directory, 'content-sync', { people: { base: PEOPLE, filter: '(uid=ada)' } });
  const items = [];
  const wish = { since: end.watermark, everyone: false };
  for await (const item of other.source.read(wish, new AbortController().signal)) items.push(item);
  expect(items.at(-1)).toMatchObject({ names: 'everyone', complete: true });
});
