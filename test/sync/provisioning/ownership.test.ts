/** Who owns an attribute, from the source's change to the request that the target received. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Mapping } from '../../../app/mapping/mapping.ts';
import { type AttributePolicy, SOURCE_OWNED, USUAL_POLICY } from '../../../app/mapping/policy.ts';
import type { Json } from '../../../app/scim/resource.ts';
import { MAPPING, type Rig, startRig } from '../../support/rig.ts';

let attributes: readonly AttributePolicy[] = [];
const mapping: Mapping = {
  ...MAPPING,
  get policy() {
    return { ...USUAL_POLICY, attributes };
  },
};
const title = (way: Partial<AttributePolicy>): readonly AttributePolicy[] => [
  { ...SOURCE_OWNED, ...way, path: ['title'] },
];

let rig: Rig;
beforeAll(async () => {
  rig = await startRig({ mapping });
});
beforeEach(async () => {
  await rig.clear();
});
afterAll(async () => {
  await rig.stop();
});

type Attributes = Record<string, string>;
const serve = async (given: Attributes) => rig.attempt(await rig.person('a1', given));
const look = async () => rig.attempt(await rig.due('a1', { fresh: true }));
const account = async () => (await rig.sandbox.account('a1@example.test'))?.user;
const byHand = async (change: Record<string, Json>) => {
  const found = await rig.sandbox.account('a1@example.test');
  await rig.sandbox.change(found?.id ?? '', change);
};
/** What the target was asked since the last time, as `PATCH {"title":"A"}` without the schemas. */
async function asked(): Promise<readonly string[]> {
  const journal = await rig.sandbox.journal();
  await rig.sandbox.clearJournal();
  return journal.map(({ method, body }) => {
    const { schemas: _same, ...said } = (body ?? {}) as Record<string, Json>;
    return method === 'GET' ? 'GET' : `${method} ${JSON.stringify(said)}`;
  });
}

describe('an attribute that is sent with the creation only', () => {
  test('is never touched again, whatever becomes of it at either end', async () => {
    attributes = title({ when: 'create-only' });
    await serve({ title: 'A' });
    expect((await account())?.title).toBe('A');
    await asked();
    await serve({ title: 'B' });
    expect(await asked()).toEqual([]);
    await byHand({ title: 'Z' });
    await serve({ title: 'B', sn: 'King' });
    expect(await asked()).toEqual(['PATCH {"name":{"givenName":"Ada","familyName":"King"}}']);
    await serve({ sn: 'King' });
    await look();
    expect(await account()).toMatchObject({ title: 'Z', name: { familyName: 'King' } });
    expect((await rig.stores.links.get('agileplace', rig.key('a1')))?.desired).not.toHaveProperty('title');
  });
});

describe('an attribute that is written where there is none', () => {
  test('is looked for before anything is written, and filled once', async () => {
    attributes = title({ when: 'if-empty' });
    await serve({});
    await asked();
    await byHand({ title: 'Z' });
    await serve({ title: 'A' });
    expect(await asked()).toEqual(['GET']);
    await byHand({ title: '' });
    await serve({ title: 'B' });
    expect(await asked()).toEqual(['GET', 'PATCH {"title":"B"}']);
    await serve({});
    expect(await asked()).toEqual([]);
    expect((await account())?.title).toBe('B');
  });
});

describe("an attribute of the first writer's", () => {
  test("is the target's where an adopted account has one, and ours where we gave it", async () => {
    attributes = title({ owner: 'first-writer' });
    await rig.sandbox.seed({ userName: 'a1@example.test', externalId: 'a1', active: true, title: 'Z' });
    await serve({ title: 'A' });
    await serve({ title: 'B' });
    expect((await account())?.title).toBe('Z');
    await byHand({ title: '' });
    await serve({ title: 'C' });
    await serve({ title: 'D' });
    expect((await account())?.title).toBe('D');
  });
});

describe('a value that was changed by hand', () => {
  test.each(['keep', 'report'] as const)('stays by %s until the source has another one', async (drift) => {
    attributes = title({ drift });
    await serve({ title: 'A' });
    await byHand({ title: 'Z' });
    await asked();
    expect(await look()).toMatchObject({
      plan: {
        action: 'none',
        kept: [{ difference: { before: 'Z', after: 'A' }, report: drift === 'report' }],
      },
    });
    await serve({ title: 'A', sn: 'King' });
    expect(await asked()).toEqual(['GET', 'GET', 'PATCH {"name":{"givenName":"Ada","familyName":"King"}}']);
    // It is still known for a hand edit, and not for what the target makes of our value.
    expect(await look()).toMatchObject({ plan: { action: 'none', kept: [{ difference: { before: 'Z' } }] } });
    expect((await account())?.title).toBe('Z');
    await serve({ title: 'B', sn: 'King' });
    expect((await account())?.title).toBe('B');
    expect(await look()).toMatchObject({ plan: { action: 'none', kept: [] } });
  });

  test('is sent along as it is where the target takes the whole name only', async () => {
    attributes = [{ ...SOURCE_OWNED, drift: 'keep', path: ['name', 'givenName'] }];
    await serve({});
    await byHand({ name: { givenName: 'Zoe', familyName: 'Byron' } });
    await asked();
    await serve({ sn: 'King' });
    expect(await asked()).toEqual(['GET', 'PATCH {"name":{"givenName":"Zoe","familyName":"King"}}']);
    expect(await look()).toMatchObject({
      plan: { action: 'none', kept: [{ difference: { before: 'Zoe' } }] },
    });
  });

  test('is found by the next look also where something else was written meanwhile', async () => {
    attributes = [];
    await serve({ title: 'A' });
    await byHand({ title: 'Z' });
    await serve({ title: 'A', sn: 'King' });
    expect((await account())?.title).toBe('Z');
    await look();
    expect((await account())?.title).toBe('A');
  });
});

describe('what the source has no longer', () => {
  test('stays with onEmpty: leave, and is ours no more', async () => {
    attributes = title({ onEmpty: 'leave' });
    await serve({ title: 'A' });
    await asked();
    await serve({});
    expect(await asked()).toEqual([]);
    expect((await rig.stores.links.get('agileplace', rig.key('a1')))?.desired).not.toHaveProperty('title');
    await byHand({ title: 'Z' });
    await look();
    expect((await account())?.title).toBe('Z');
  });
});
