/** Answers of which something is wrong: they move no watermark, and nobody is taken for gone. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { cutNext, entry, intermediate, reference } from '../../../support/ldap-peer/answers.ts';
import { syncEntry, syncIds } from '../../../support/ldap-peer/content-sync.ts';
import { type Follower, follow } from '../follower.ts';
import { PEOPLE } from '../invented.ts';
import {
  type Answer,
  allGroups,
  dnOf,
  end,
  everybody,
  idOf,
  nothing,
  type Scripted,
  says,
  startScripted,
} from './scripted.ts';

let server: Scripted;
let follower: Follower;

beforeAll(async () => {
  server = await startScripted();
});
beforeEach(async () => {
  server.answer({ people: () => everybody('c1', ['ada', 'bea']), groups: () => allGroups('g1') });
  follower = follow(server.source);
  await follower.poll();
});
afterAll(() => server.peer.stop());

test.each<[string, Answer, string]>([
  [
    'an entry without a state',
    [entry(dnOf('ada'), { entryUUID: idOf('ada'), uid: 'ada' }), end('c2', true)],
    `the server gave an entry below ${PEOPLE} without saying what became of it`,
  ],
  [
    'another id beside an entry than its own',
    [syncEntry(dnOf('ada'), idOf('bea'), { entryUUID: idOf('ada'), uid: 'ada' }), end('c2', true)],
    `the server names an entry below ${PEOPLE} by another id than its entryUUID`,
  ],
  [
    'a reference to another server',
    [reference('ldap://elsewhere.example.test/'), end('c2', true)],
    `part of ${PEOPLE} is held by another server (referral); choose a base without it or another server`,
  ],
])('%s makes the read incomplete, and the watermark stays', async (_, answer, problem) => {
  const mark = follower.watermark;
  server.answer({ people: () => answer });
  const read = await follower.poll();
  expect(read.end).toMatchObject({ complete: false, problems: [problem], watermark: mark });
  expect(follower.watermark).toBe(mark);
  server.answer({ people: () => nothing() });
  await follower.poll();
  expect(server.cookies().at(-1)).toBe('c1');
});

test.each<[string, Answer]>([
  ['in the middle of an entry', [says('ada'), cutNext(20), says('bea'), end('c2')]],
  ['before the end', [says('ada'), syncIds([idOf('bea')], true), { say: 'drop' }]],
  ['with a control that is none', [entry(dnOf('ada'), {}, badControl()), end('c2', true)]],
  [
    'with a set of ids that are none',
    [intermediate('1.3.6.1.4.1.4203.1.9.1.4', Buffer.from([0xa3])), end('c2')],
  ],
])('an answer that breaks %s is no read at all', async (_, answer) => {
  const mark = follower.watermark;
  server.answer({ people: () => answer });
  await expect(follower.poll()).rejects.toThrow(/^ldap:\/\/127/);
  expect(follower.watermark).toBe(mark);
});

function badControl() {
  return { oid: '1.3.6.1.4.1.4203.1.9.1.2', value: Buffer.from([0x30, 0x03, 0x0a, 0x01, 0x09]) };
}
