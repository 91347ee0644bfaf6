/** An answer is not asked for in pages: who takes it in slowly must not be buried under it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { Saying } from '../../../support/ldap-peer/answers.ts';
import { syncEntry } from '../../../support/ldap-peer/content-sync.ts';
import { ROOT_DSE } from '../../../support/ldap-peer/habits.ts';
import { never, PEOPLE, uuid } from '../invented.ts';
import { dnOf, end, startScripted } from './scripted.ts';

const PEOPLE_IN_ALL = 20_000;
/** Of each person, so that the buffers of two sockets hold not many of them. */
const SIZE = 4 * 1_024;
/** Messages that may wait for the reader, and what is on its way to it. */
const MOST_UNDER_WAY = 10_000;

test('20,000 people in one answer: only so many are under way while the reader is behind, and all come', async () => {
  const { source, peer } = await startScripted();
  let said = 0;
  function* everybody(): Generator<Saying> {
    for (; said < PEOPLE_IN_ALL; said += 1) {
      const uid = `u${said}`;
      yield syncEntry(dnOf(uid), uuid(said), { uid, sn: 'x'.repeat(SIZE) });
    }
    yield end('c1');
  }
  peer.become({
    rootDse: ROOT_DSE.openldap,
    search: ({ base }) => (base === PEOPLE ? everybody() : [end('g1')]),
  });
  const items = source.read({ since: null, everyone: true }, never)[Symbol.asyncIterator]();
  await items.next();
  // Until the server can say no more.
  for (let before = -1; before !== said; await sleep(200)) before = said;
  expect(said).toBeLessThan(MOST_UNDER_WAY);
  let count = 1;
  let complete = false;
  for (let step = await items.next(); step.done !== true; step = await items.next()) {
    if (step.value.kind === 'person') count += 1;
    if (step.value.kind === 'end') complete = step.value.complete;
  }
  expect({ count, complete }).toEqual({ count: PEOPLE_IN_ALL, complete: true });
  await peer.stop();
});
