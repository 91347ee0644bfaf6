/** Many people on a real domain controller: pages, and a controller that goes away in the middle of them. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { SourceUnavailable } from '../../../../app/errors.ts';
import type { SourceItem } from '../../../../app/sources/source.ts';
import { PROVISIONING_MS, personLdif, type Samba, STAFF, startSamba } from '../../../support/samba.ts';
import { never } from '../invented.ts';
import { sourceOf, tell } from './reading.ts';

const PEOPLE = 1_100;
const nameOf = (number: number) => `p${String(number).padStart(4, '0')}`;

let samba: Samba;
beforeAll(async () => {
  const people = Array.from({ length: PEOPLE }, (_, number) => personLdif(nameOf(number)));
  samba = await startSamba(people.join(''));
}, PROVISIONING_MS);
afterAll(() => samba.stop());

test.each([500, 1_000])('pages of %i: everybody once', async (pageSize) => {
  const told = await tell(sourceOf(samba, 'reader', { pageSize }), null);
  expect(Object.keys(told.people)).toHaveLength(PEOPLE);
  expect(told.items).toHaveLength(PEOPLE + 1);
  expect(told.end.complete).toBe(true);
});

test.each(['reader', 'admin'] as const)('many changes at once, read by %s', async (account) => {
  const source = sourceOf(samba, account, { pageSize: 50 });
  const first = await tell(source, null);
  const changed = Array.from({ length: 150 }, (_, number) => nameOf(number));
  for (const name of changed) {
    await samba.modify(`CN=${name},${STAFF}`, { replace: { title: `seen by ${account}` } });
  }
  const told = await tell(source, first.end.watermark);
  expect(Object.keys(told.people).sort()).toEqual(changed);
  expect(told.end.names).toBe('changes');
});

test('the controller restarts in the middle of a page: the read fails, and the next goes on from before', async () => {
  const source = sourceOf(samba, 'reader', { pageSize: 50 });
  const first = await tell(source, null);
  await samba.modify(`CN=${nameOf(7)},${STAFF}`, { replace: { title: 'Pilot' } });
  const seen: SourceItem[] = [];
  const reading = async () => {
    for await (const item of source.read({ since: null, everyone: true }, never)) {
      seen.push(item);
      if (seen.length === 60) await samba.restart();
    }
  };
  await expect(reading()).rejects.toThrow(SourceUnavailable);
  expect(seen.some(({ kind }) => kind === 'end')).toBe(false);
  const next = await tell(source, first.end.watermark);
  expect(Object.keys(next.people)).toEqual([nameOf(7)]);
});
