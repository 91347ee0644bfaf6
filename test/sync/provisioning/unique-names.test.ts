/** userNames that nobody else has: from the mapping's proposals to what the target has. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { loadMapping, type Mapping } from '../../../app/mapping/index.ts';
import { foresee, lookingCall } from '../../../app/sync/planning/foresee.ts';
import { namesOfOnePlan } from '../../../app/sync/planning/planned-names.ts';
import { provision, provisionReviewed } from '../../../app/sync/provisioning/provision.ts';
import { reconcile } from '../../../app/sync/reconciling/reconcile.ts';
import { type Rig, startRig } from '../../support/rig.ts';

const never = new AbortController().signal;

function mappingOf(match: string, when = 'always'): Mapping {
  const loaded = loadMapping(
    'mappings/m.yaml',
    `version: 1
source: corp
target: agileplace
resource: User
match: [${match}]
attributes:
  userName: { value: '= unique(e.login, e.login == "" ? "" : e.login + "." + e.dept)', when: ${when} }
  externalId: '= id'
  title: '= e.title'
  active: true
`,
  );
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  return loaded.mapping;
}

const mapping = mappingOf('externalId');
const asking = mappingOf('externalId, userName');

let rig: Rig;
beforeAll(async () => {
  rig = await startRig({ profile: 'generic', mapping });
});
beforeEach(async () => {
  await rig.clear();
});
afterAll(() => rig.stop());

const ADA = { login: 'ada', dept: 'engines' };
const names = async () => (await rig.sandbox.accounts()).map(({ user }) => user.userName).toSorted();
const nameOf = async (id: string) =>
  (await rig.sandbox.accounts()).find(({ user }) => user.externalId === id)?.user.userName;

async function serve(id: string, by = mapping) {
  const deps = { ...rig.deps, mappings: [by], mappingFor: () => by };
  return await provision({ key: rig.key(id), lastAttempt: true }, deps, never);
}

test('each new person gets the first name that nobody else has, and keeps it whoever goes', async () => {
  for (const id of ['1', '2', '3', '4']) {
    await rig.person(id, ADA);
    await serve(id);
  }
  expect(await Promise.all(['1', '2', '3', '4'].map(nameOf))).toEqual([
    'ada',
    'ada.engines',
    'ada.engines2',
    'ada.engines3',
  ]);
  const first = await rig.sandbox.account('ada');
  await rig.sandbox.remove(first?.id ?? '');
  await rig.person('3', { ...ADA, title: 'Analyst' });
  await rig.sandbox.clearJournal();
  await serve('3');
  expect((await rig.writes()).map(({ method, body }) => [method, body])).toMatchObject([
    ['PATCH', { title: 'Analyst' }],
  ]);
  expect(await nameOf('3')).toBe('ada.engines2');
});

test('two people who are served at once get two names', async () => {
  const ids = Array.from({ length: 6 }, (_, index) => `p${index}`);
  for (const id of ids) await rig.person(id, ADA);
  await Promise.all(ids.map((id) => serve(id)));
  expect(new Set(await names()).size).toBe(6);
  expect(await rig.stores.deadLetters.count('agileplace')).toBe(0);
});

test('a name that somebody unknown has at the target is passed over, and that account is left alone', async () => {
  const seeded = { userName: 'ADA', title: 'Somebody else', active: true };
  await rig.sandbox.seed(seeded);
  await rig.person('1', ADA);
  await serve('1');
  expect(await nameOf('1')).toBe('ada.engines');
  expect((await rig.sandbox.account('ADA'))?.user).toMatchObject(seeded);
  const posts = (await rig.writes()).filter(({ method }) => method === 'POST');
  expect(posts.map(({ status }) => status)).toEqual([409, 201]);
});

test('where the mapping also looks by userName the target is asked first', async () => {
  await rig.sandbox.seed({ userName: 'ada', active: true });
  await rig.sandbox.seed({ userName: 'ada.engines', active: true });
  await rig.person('1', ADA);
  await serve('1', asking);
  expect(await nameOf('1')).toBe('ada.engines2');
  expect((await rig.writes()).map(({ method, status }) => [method, status])).toEqual([['POST', 201]]);
});

test('a target that refuses every name ends with an operator, after a few', async () => {
  await rig.sandbox.fault({ kind: 'status', status: 409, method: 'POST' });
  await rig.person('1', ADA);
  expect(await serve('1')).toMatchObject({ kind: 'refused' });
  expect((await rig.writes()).length).toBe(10);
  await rig.sandbox.clearFaults();
});

test('a name that stands in where nothing is proposed is sent once', async () => {
  const standing = mappingOf('externalId', 'always, default: "= e.sn"');
  await rig.sandbox.seed({ userName: 'Byron', active: true });
  await rig.person('1', { login: '', dept: '' });
  expect(await serve('1', standing)).toMatchObject({ kind: 'refused' });
  expect((await rig.writes()).length).toBe(1);
});

test('whoever is called otherwise is renamed to a free name, and passes one that is refused', async () => {
  await rig.person('1', ADA);
  await serve('1');
  await rig.sandbox.seed({ userName: 'king', active: true });
  await rig.person('1', { login: 'king', dept: 'engines' });
  expect(await serve('1')).toMatchObject({ kind: 'done', plan: { action: 'update' } });
  expect(await names()).toEqual(['king', 'king.engines']);
  await rig.person('2', ADA);
  await serve('2');
  expect(await nameOf('2')).toBe('ada');
});

test('emptied stores are filled from the target, and nobody is renamed', async () => {
  for (const id of ['1', '2']) {
    await rig.person(id, ADA);
    await serve(id);
  }
  await rig.redis.flushall();
  await rig.sandbox.clearJournal();
  for (const id of ['2', '3', '1']) {
    await rig.person(id, ADA);
    await serve(id);
  }
  const written = (await rig.writes()).filter(({ status }) => status === 201 || status === 200);
  expect(written.map(({ method }) => method)).toEqual(['POST']);
  expect(await Promise.all(['1', '2', '3'].map(nameOf))).toEqual(['ada', 'ada.engines', 'ada.engines2']);
});

test('a create whose answer was lost keeps its name', async () => {
  await rig.sandbox.fault({ kind: 'drop-after-commit', method: 'POST', count: 1 });
  await rig.person('1', ADA);
  expect(await provision({ key: rig.key('1'), lastAttempt: false }, rig.deps, never)).toMatchObject({
    kind: 'retry',
  });
  await rig.person('2', ADA);
  await serve('2');
  await serve('1');
  expect(await Promise.all(['1', '2'].map(nameOf))).toEqual(['ada', 'ada.engines']);
});

test('a preview and a comparison of everybody say what a worker would do', async () => {
  await rig.sandbox.seed({ userName: 'ada', externalId: 'x', active: true });
  for (const id of ['1', '2']) await rig.person(id, ADA);
  await serve('1');
  const second = await rig.stores.identities.get(rig.key('2'));
  if (second === null) throw new Error('2 is known');
  const foreseen = await foresee(second, null, asking, lookingCall(never, 'manual'), rig.deps);
  expect(foreseen.user?.userName).toBe('ada.engines2');
  await serve('2');
  const run = await reconcile(rig.target, 'run-r', { ...rig.reading, sleep: async () => {} }, never);
  expect(run).toMatchObject({ state: 'ok', counts: { listed: 3, asWanted: 2 } });
});

test('whoever keeps the name that they were created with is never renamed', async () => {
  const keeping = mappingOf('externalId', 'create-only');
  await rig.person('1', ADA);
  await serve('1', keeping);
  await rig.person('1', { login: 'king', dept: 'engines' });
  expect(await serve('1', keeping)).toMatchObject({ plan: { action: 'none' } });
  await rig.person('2', { login: 'king', dept: 'engines' });
  await serve('2', keeping);
  expect(await Promise.all(['1', '2'].map(nameOf))).toEqual(['ada', 'king']);
});

test('two new people in one plan are foreseen under two names, and get them in whatever order', async () => {
  for (const id of ['1', '2']) await rig.person(id, ADA);
  const names = namesOfOnePlan(rig.stores.userNames);
  const seen = [];
  for (const id of ['1', '2']) {
    const identity = await rig.stores.identities.get(rig.key(id));
    if (identity === null) throw new Error(`${id} is known`);
    const deps = { ...rig.deps, userNames: names };
    seen.push((await foresee(identity, null, mapping, lookingCall(never, 'manual'), deps)).user?.userName);
  }
  expect(seen).toEqual(['ada', 'ada.engines']);
  for (const [id, userName] of [
    ['2', 'ada.engines'],
    ['1', 'ada'],
  ] as const) {
    const reviewed = { actor: 'ops', isExpected: () => true, withheld: [], userName };
    await provisionReviewed(rig.key(id), reviewed, rig.deps, never);
  }
  expect(await Promise.all(['1', '2'].map(nameOf))).toEqual(seen);
});

test('a name that was taken for somebody who gets no account is free again', async () => {
  await rig.sandbox.fault({ kind: 'status', status: 400, method: 'POST' });
  await rig.person('1', ADA);
  expect(await serve('1')).toMatchObject({ kind: 'refused' });
  await rig.sandbox.clearFaults();
  await rig.gone('1');
  await serve('1');
  await rig.person('2', ADA);
  await serve('2');
  expect(await nameOf('2')).toBe('ada');
});
