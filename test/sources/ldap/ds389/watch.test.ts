import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { SourceUnavailable } from '../../../../app/errors.ts';
import { type Ds389, startDs389 } from '../../../support/ds389.ts';
import { FORMER, GROUPS, sourceFor } from '../invented.ts';
import { addGroup, addPerson, dnOf } from './news.ts';

let directory: Ds389;
let stop = new AbortController();
beforeAll(async () => {
  directory = await startDs389();
  await addPerson(directory, 'ada');
  await addGroup(directory, 'admins', [dnOf('ada')]);
});
afterEach(() => {
  stop.abort();
  stop = new AbortController();
});
afterAll(() => directory.stop());

function listen(): AsyncIterator<void> {
  const { watch } = sourceFor(directory);
  if (watch === null) throw new Error('this source cannot be listened to');
  return watch(null, stop.signal)[Symbol.asyncIterator]();
}

test('each kind of change to people and groups rings', async () => {
  const bell = listen();
  expect(await bell.next()).toEqual({ done: false, value: undefined });
  const changes: readonly (() => Promise<void>)[] = [
    () => addPerson(directory, 'bea'),
    () => directory.modify(dnOf('bea'), { replace: { sn: 'Blake' } }),
    () => directory.rename(dnOf('bea'), dnOf('bea.b')),
    () => directory.modify(`cn=admins,${GROUPS}`, { add: { member: dnOf('bea.b') } }),
    () => directory.remove(dnOf('bea.b')),
  ];
  for (const change of changes) {
    const rung = bell.next();
    await change();
    expect(await rung).toEqual({ done: false, value: undefined });
  }
});

test('somebody who leaves the people base is not heard of, and whoever comes back is', async () => {
  const bell = listen();
  await bell.next();
  await directory.rename(dnOf('ada'), `uid=ada,${FORMER}`);
  const rung = bell.next();
  await directory.rename(`uid=ada,${FORMER}`, dnOf('ada'));
  expect(await rung).toEqual({ done: false, value: undefined });
});

test('a server that ends is heard of as an error', async () => {
  const bell = listen();
  await bell.next();
  const rung = bell.next();
  rung.catch(() => {});
  await directory.restart();
  await expect(rung).rejects.toThrow(SourceUnavailable);
  expect(await listen().next()).toEqual({ done: false, value: undefined });
});

test('whoever stops listening is told that it was stopped', async () => {
  const bell = listen();
  await bell.next();
  const rung = bell.next();
  rung.catch(() => {});
  stop.abort();
  await expect(rung).rejects.toThrow('the read was stopped');
});
