/** Being told of changes at once, on a real domain controller. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { SourceUnavailable } from '../../../../app/errors.ts';
import {
  FORMER,
  GROUPS,
  groupAttributes,
  PROVISIONING_MS,
  personAttributes,
  personLdif,
  type Samba,
  STAFF,
  startSamba,
} from '../../../support/samba.ts';
import { never } from '../invented.ts';
import { sourceOf } from './reading.ts';

let samba: Samba;
beforeAll(async () => {
  samba = await startSamba(personLdif('ada'));
}, PROVISIONING_MS);
afterAll(() => samba.stop());

function listen(signal: AbortSignal) {
  const bell = sourceOf(samba, 'reader').watch?.(null, signal)[Symbol.asyncIterator]();
  if (bell === undefined) throw new Error('the source has no bell');
  return bell;
}

test('it rings when it listens, and then for a change, a new person and a changed group', async () => {
  const stop = new AbortController();
  const bell = listen(stop.signal);
  expect((await bell.next()).done).toBe(false);
  for (const change of [
    () => samba.modify(`CN=ada,${STAFF}`, { replace: { title: 'Countess' } }),
    () => samba.add(`CN=bea,${STAFF}`, personAttributes('bea')),
    () => samba.add(`CN=staff,${GROUPS}`, groupAttributes('staff', [`CN=bea,${STAFF}`])),
    () => samba.rename(`CN=bea,${STAFF}`, `CN=beatrice,${STAFF}`),
  ]) {
    const rung = bell.next();
    await change();
    expect((await rung).done).toBe(false);
  }
  stop.abort();
  await expect(bell.next()).rejects.toThrow(SourceUnavailable);
});

test('a burst of changes rings at least once and leaves nothing behind that would ring for ever', async () => {
  const stop = new AbortController();
  const bell = listen(stop.signal);
  await bell.next();
  for (let number = 0; number < 20; number += 1) {
    await samba.modify(`CN=ada,${STAFF}`, { replace: { title: `Countess ${number}` } });
  }
  expect((await bell.next()).done).toBe(false);
  stop.abort();
  await expect(bell.next()).rejects.toThrow(SourceUnavailable);
});

test('where the controller goes away, it is heard', async () => {
  const bell = listen(never);
  await bell.next();
  const rung = bell.next();
  rung.catch(() => {});
  await samba.restart();
  await expect(rung).rejects.toThrow(SourceUnavailable);
});

test('a base that does not exist: it says so instead of listening in vain', async () => {
  const source = sourceOf(samba, 'reader', { people: { base: `OU=Nowhere,${FORMER}` } });
  const bell = source.watch?.(null, never)[Symbol.asyncIterator]();
  const heard = await bell?.next().then(
    () => 'listening',
    (error: unknown) => (error as Error).message,
  );
  expect(heard).toContain('does not exist');
});
