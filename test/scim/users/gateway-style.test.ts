/**
 * The client at a gateway that knows list elements by their type: lists end as asked for, with as few requests as that
 * takes, and nothing that the gateway answers with 500 leads astray.
 */
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { differences } from '../../../app/scim/differences.ts';
import { profileNamed, type ScimTarget } from '../../../app/scim/index.ts';
import {
  type Json,
  type JsonObject,
  objectWithoutBlanks,
  type ScimUser,
} from '../../../app/scim/resource.ts';
import { type Sandbox, startSandbox } from '../../support/sandbox.ts';
import { aCall } from '../memory-ports.ts';
import { closeTargets, failureOf, setUp } from '../set-up.ts';

const WORK = { value: 'ada@corp.test', type: 'work', primary: true };
const HOME = { value: 'ada@home.test', type: 'home' };
const OTHER = { value: 'ada@club.test', type: 'other' };
const PARIS = { type: 'work', locality: 'Paris', country: 'FR' };
const LYON = { type: 'home', locality: 'Lyon', country: 'FR' };

let sandbox: Sandbox;
let target: ScimTarget;
beforeAll(async () => {
  sandbox = await startSandbox({ dialect: 'gateway-style' });
});
beforeEach(async () => {
  await sandbox.reset();
  const profile = profileNamed('generic');
  if (profile === null) throw new Error('there is no profile generic');
  const auth = { kind: 'basic', username: sandbox.user, password: () => sandbox.password } as const;
  target = setUp(sandbox.baseUrl, { profile, auth }).target;
});
afterEach(closeTargets);
afterAll(() => sandbox.stop());

async function updated(was: JsonObject, wanted: JsonObject) {
  const [before, after] = [was, wanted].map((lists): ScimUser => ({ userName: 'ada', ...lists }));
  if (before === undefined || after === undefined) throw new Error('no user');
  const created = await target.create({ ...before, active: true }, aCall());
  if (created.kind !== 'written') throw new Error(created.words);
  await sandbox.clearJournal();
  const { id, version } = created.account;
  return await target.update(id, differences(before, after, before), after, aCall(), version);
}
const requests = async () => (await sandbox.journal()).map(({ method }) => method);
const stored = async (): Promise<JsonObject> => (await sandbox.account('ada'))?.user as JsonObject;

test.each<[string, string, Json[], Json[], string[]]>([
  ['an element goes', 'emails', [WORK, HOME], [WORK], ['PATCH', 'GET', 'PATCH']],
  ['all go', 'emails', [WORK, HOME], [], ['PATCH']],
  ['one comes', 'emails', [WORK], [WORK, HOME], ['PATCH']],
  [
    'another becomes the primary one',
    'emails',
    [WORK, HOME],
    [
      { ...WORK, primary: false },
      { ...HOME, primary: true },
    ],
    ['PATCH'],
  ],
  ['one goes and one comes', 'emails', [WORK, HOME], [WORK, OTHER], ['PATCH', 'GET', 'PATCH']],
  ['a value gets another type', 'emails', [HOME], [{ ...HOME, type: 'other' }], ['PATCH', 'GET', 'PATCH']],
  [
    'an address loses a part',
    'addresses',
    [PARIS, LYON],
    [{ type: 'work', country: 'FR' }, LYON],
    ['PATCH', 'GET', 'PATCH', 'PATCH'],
  ],
  ['a role goes', 'roles', [{ value: 'r' }, { value: 's' }], [{ value: 's' }], ['PATCH', 'GET', 'PATCH']],
])('a list of which %s', async (_what, name, was, wanted, expected) => {
  const outcome = await updated({ [name]: was }, { [name]: wanted });
  expect(outcome).toMatchObject({ kind: 'written' });
  expect(outcome).not.toHaveProperty('notCleared');
  expect(
    differences(
      objectWithoutBlanks(await stored()) as ScimUser,
      { userName: 'ada', [name]: wanted },
      { userName: 'ada', [name]: was },
    ),
  ).toEqual([]);
  expect(await requests()).toEqual(expected);
});

test('O-12: an update of somebody who is gone says so, and pauses nothing', async () => {
  const title = [{ path: ['title'], before: undefined, after: 'Chief' }] as const;
  expect(await target.update('nobody', title, { userName: 'nobody', title: 'Chief' }, aCall())).toEqual({
    kind: 'missing',
  });
  expect(await target.remove('nobody', aCall())).toEqual({ kind: 'missing' });
});

test('two elements of one type are refused with 500: the words say which attribute it is', async () => {
  const user = { userName: 'ada', emails: [WORK, { ...HOME, type: 'work' }] };
  expect(await failureOf(target.create(user, aCall()))).toMatchObject({
    name: 'TargetUnavailable',
    words: 'emails: more than one element has the same type, or none',
  });
});

test('O-11: names that differ in case alone are two accounts there, and both are found', async () => {
  await sandbox.seed({ userName: 'ada' });
  await sandbox.seed({ userName: 'ADA' });
  const found = await target.find({ by: 'userName', value: 'Ada' }, aCall());
  expect(found.map(({ id }) => id)).toEqual(['ada', 'ADA']);
});
