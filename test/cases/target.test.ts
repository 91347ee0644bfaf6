/** Incidents at the target: what a worker makes of each answer, at a target that lets two accounts have one name. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { provision } from '../../app/sync/provisioning/provision.ts';
import { type Rig, startRig } from '../support/rig.ts';
import type { FaultInput } from '../support/sandbox.ts';

let rig: Rig;
beforeAll(async () => {
  rig = await startRig({
    // A window of a second: where Retry-After says nothing, the end of the window must not hide it.
    sandbox: { unique: false, limits: { points: 1_000_000, windowSeconds: 1 } },
    timeoutMs: 500,
  });
});
beforeEach(async () => {
  await rig.clear();
});
afterAll(async () => {
  await rig.stop();
});

const methods = async () => (await rig.writes()).map(({ method }) => method);
const alive = async () => (await rig.sandbox.accounts()).filter(({ user }) => user.active === true);
async function linked(id: string): Promise<string> {
  await rig.attempt(await rig.person(id));
  await rig.sandbox.clearJournal();
  return (await rig.stores.links.get('agileplace', rig.key(id)))?.id ?? '';
}

test('O-11 d: the name is taken, and two accounts have it: for an operator, nothing is written', async () => {
  for (const familyName of ['One', 'Two'])
    await rig.sandbox.seed({ userName: 'a1@example.test', name: { familyName } });
  await rig.sandbox.fault({ kind: 'hide-from-search', count: 2 });
  await rig.sandbox.fault({ kind: 'status', status: 409, method: 'POST' });
  expect(await rig.attempt(await rig.person('a1'))).toMatchObject({
    kind: 'refused',
    reason: expect.stringMatching(/^ambiguous: /),
  });
  expect(await methods()).toEqual(['POST']);
  expect(await rig.attempt(rig.key('a1'))).toEqual({ kind: 'idle' });
  expect(await rig.stores.links.get('agileplace', rig.key('a1'))).toBeNull();
});

describe('O-13: an update is answered by', () => {
  test.each<[string, FaultInput, string]>([
    ['c: a 204', { kind: 'no-content' }, 'done'],
    ['h: a gateway page with 502', { kind: 'html-error', status: 502 }, 'retry'],
    ['i: a 500', { kind: 'status', status: 500 }, 'retry'],
    ['j: a 429', { kind: 'status', status: 429 }, 'limited'],
    ['k: a sign-in page', { kind: 'sign-in-page' }, 'retry'],
    ['m: 50 MB', { kind: 'huge-body' }, 'done'],
  ])('%s', async (_case, fault, kind) => {
    const id = await linked('a1');
    await rig.sandbox.fault({ ...fault, method: 'PATCH' });
    const outcome = await rig.attempt(await rig.person('a1', { sn: 'Lovelace' }));
    expect(outcome.kind).toBe(kind);
    expect(JSON.stringify(outcome).length).toBeLessThan(1_000);
    expect((await rig.stores.links.get('agileplace', rig.key('a1')))?.id).toBe(id);
    expect(await rig.stores.deadLetters.count('agileplace')).toBe(0);
    expect((await methods()).filter((method) => method === 'POST')).toEqual([]);
  });
});

describe('O-17: a 429 or 503 with this Retry-After parks the target, costs no attempt, and is over in time', () => {
  const spellings: readonly [string, number, number][] = [
    ['120', 120, 132],
    [' 120 ', 120, 132],
    ['0', 0.9, 2],
    ['-5', 0.9, 2],
    ['1000abc', 0.9, 2],
    ['1.5', 1.5, 3],
    ['2200000', 3_500, 3_601],
    ['99999999999', 3_500, 3_601],
    ['Fri, 31 Dec 9999 23:59:59 GMT', 3_500, 3_601],
    ['Sun, 01 Mar 2020 11:00:00 GMT', 0.9, 2],
  ];
  test.each(spellings)('%j', async (retryAfter, least, most) => {
    await rig.sandbox.fault({ kind: 'status', status: 429, retryAfter, method: 'GET', count: 1 });
    const before = rig.now().getTime();
    const outcome = await rig.attempt(await rig.person('a1'));
    expect(outcome.kind).toBe('limited');
    const seconds = outcome.kind === 'limited' ? (outcome.until.getTime() - before) / 1_000 : 0;
    expect(seconds).toBeGreaterThanOrEqual(least);
    expect(seconds).toBeLessThanOrEqual(most + 1);
    await rig.sandbox.clearJournal();
    expect(await rig.attempt(rig.key('a1'))).toMatchObject({ kind: 'limited' });
    expect(await rig.sandbox.journal()).toEqual([]);
    rig.pass(Math.ceil(most) * 1_000 + 1_000);
    expect(await rig.attempt(rig.key('a1'))).toMatchObject({ kind: 'done' });
  });

  test('503 as well: the person is not tried before, and nobody else is asked for meanwhile', async () => {
    await rig.sandbox.fault({ kind: 'unavailable', retryAfter: '120', count: 1 });
    const before = rig.now().getTime();
    const outcome = await rig.attempt(await rig.person('a1'));
    expect(outcome.kind).toBe('retry');
    const notBefore = outcome.kind === 'retry' ? (outcome.notBefore?.getTime() ?? 0) : 0;
    expect((notBefore - before) / 1_000).toBeGreaterThanOrEqual(120);
    expect((notBefore - before) / 1_000).toBeLessThanOrEqual(133);
    await rig.sandbox.clearJournal();
    expect(await rig.attempt(await rig.person('a2'))).toMatchObject({ kind: 'limited' });
    expect(await rig.sandbox.journal()).toEqual([]);
    rig.pass(133_000);
    expect(await rig.attempt(rig.key('a1'))).toMatchObject({ kind: 'done' });
  });
});

describe('O-18: at a target that would take the same person twice, there is one account and one POST', () => {
  test.each<[string, FaultInput]>([
    ['a: the answer came too late', { kind: 'latency', milliseconds: 1_000, phase: 'after-commit' }],
    ['b: the connection was reset after the body was sent', { kind: 'drop-after-commit' }],
  ])('%s', async (_case, fault) => {
    await rig.sandbox.fault({ ...fault, method: 'POST', count: 1 });
    expect(await rig.attempt(await rig.person('a1'))).toMatchObject({ kind: 'retry' });
    await rig.sandbox.clearFaults();
    rig.pass(60_000);
    expect(await rig.attempt(rig.key('a1'))).toMatchObject({ kind: 'done', plan: { action: 'adopt' } });
    expect(await rig.attempt(await rig.due('a1'))).toMatchObject({ plan: { action: 'none' } });
    expect(await methods()).toEqual(['POST']);
    expect(await rig.sandbox.accounts()).toHaveLength(1);
  });

  test('c: two workers at once', async () => {
    const key = await rig.person('a1');
    const outcomes = await Promise.all([rig.attempt(key), rig.attempt(key), rig.attempt(key)]);
    expect(outcomes.map(({ kind }) => kind).sort()).toEqual(['busy', 'busy', 'done']);
    expect(await methods()).toEqual(['POST']);
    expect(await rig.sandbox.accounts()).toHaveLength(1);
  });

  test('d: the process died between 201 and the link', async () => {
    const { target } = rig.deps;
    const dying = {
      ...target,
      create: async (...call: Parameters<typeof target.create>) => {
        await target.create(...call);
        throw new Error('killed');
      },
    };
    const key = await rig.person('a1');
    const work = provision(
      { key, lastAttempt: false },
      { ...rig.deps, target: dying },
      new AbortController().signal,
    );
    await expect(work).rejects.toThrow('killed');
    expect(await rig.attempt(key)).toMatchObject({ plan: { action: 'adopt' } });
    expect(await methods()).toEqual(['POST']);
    expect(await rig.sandbox.accounts()).toHaveLength(1);
    expect(await rig.stores.links.get('agileplace', key)).toMatchObject({ madeBy: 'externalId' });
  });
});

test('O-19 c: 401 in the middle of 40 updates by ten at once: one alert, nobody lost, all arrive afterwards', async () => {
  const people = Array.from({ length: 40 }, (_, n) => `p${n}`);
  for (const id of people) await rig.attempt(await rig.person(id));
  const keys = await Promise.all(people.map((id) => rig.person(id, { sn: 'Lovelace' })));
  for (const key of keys.slice(0, 15)) await rig.attempt(key);
  await rig.sandbox.fault({ kind: 'unauthorized' });
  for (let from = 15; from < 40; from += 10) {
    const outcomes = await Promise.all(keys.slice(from, from + 10).map((key) => rig.attempt(key)));
    expect(new Set(outcomes.map(({ kind }) => kind))).toEqual(new Set(['paused']));
  }
  expect(rig.alerts.map(({ kind }) => kind)).toEqual(['target-paused']);
  expect(await rig.stores.due.count('agileplace')).toBe(25);
  expect(await rig.stores.deadLetters.count('agileplace')).toBe(0);
  await rig.sandbox.clearFaults();
  rig.pass(31_000);
  for (const key of keys) await rig.attempt(key);
  const names = (await alive()).map(({ user }) => (user.name as { familyName: string }).familyName);
  expect(names).toEqual(Array(40).fill('Lovelace'));
});
