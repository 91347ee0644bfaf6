/**
 * Every profile with every policy of an attribute, through changes at both ends: once a change is written, looking again
 * and comparing everybody writes nothing more (design.md, invariant 7).
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type AttributePolicy, SOURCE_OWNED, USUAL_POLICY } from '../../app/mapping/policy.ts';
import { type AttributePath, ENTERPRISE_URN } from '../../app/scim/resource.ts';
import { reconcile } from '../../app/sync/reconciling/reconcile.ts';
import { type Rig, startRig } from '../support/rig.ts';
import { ADA, ROUNDS } from './profile-rounds.ts';

const PATHS: readonly AttributePath[] = [
  ['title'],
  ['name', 'familyName'],
  ['emails'],
  ['phoneNumbers'],
  [ENTERPRISE_URN, 'department'],
];
const POLICIES: readonly Partial<AttributePolicy>[] = [
  { when: 'create-only' },
  { when: 'if-empty' },
  { owner: 'target' },
  { owner: 'first-writer' },
  { drift: 'keep' },
  { drift: 'report' },
  { onEmpty: 'leave' },
];
const never = new AbortController().signal;

let attributes: readonly AttributePolicy[] = [];

describe.each(ROUNDS)('profile $profile at a target like $dialect', (round) => {
  let rig: Rig;
  beforeAll(async () => {
    const { profile, dialect, oauth2 } = round;
    const mapping = {
      ...round.mapping,
      get policy() {
        return { ...USUAL_POLICY, attributes };
      },
    };
    rig = await startRig({ profile, sandbox: { dialect }, mapping, oauth2, timeoutMs: 10_000 });
  });
  beforeEach(() => rig.clear());
  afterAll(() => rig.stop());

  async function written(): Promise<readonly string[]> {
    const writes = (await rig.writes()).filter(({ path }) => !path.startsWith('/oauth/'));
    return writes.map(({ method, body }) => `${method} ${JSON.stringify(body)}`);
  }

  /** Looks twice, and compares; nothing of it writes. */
  async function isSettled(): Promise<void> {
    await rig.sandbox.clearJournal();
    for (const _look of [1, 2])
      expect(await rig.attempt(await rig.due('a1', { fresh: true }))).toMatchObject({ kind: 'done' });
    rig.pass(1_000);
    await reconcile(rig.target, 'run-r', { ...rig.reading, sleep: async () => {} }, never);
    expect(await rig.stores.due.get('agileplace', rig.key('a1'))).toBeNull();
    expect(await written()).toEqual([]);
  }

  async function told(change: Partial<typeof ADA> & { status?: string }): Promise<void> {
    expect(await rig.attempt(await rig.person('a1', { ...ADA, ...change }))).toMatchObject({ kind: 'done' });
    await isSettled();
  }

  // What UAA quietly forgets has no value there, and is given to it at each look (docs/mappings.md).
  const policies = POLICIES.filter(({ when }) => round.profile !== 'uaa' || when !== 'if-empty');

  test.each(policies)('%o', async (policy) => {
    attributes = PATHS.map((path) => ({ ...SOURCE_OWNED, ...policy, path }));
    await told({});
    await told({ title: 'Lady', sn: 'King', home: 'x@home.test', unit: 'second' });
    const id = (await rig.stores.links.get('agileplace', rig.key('a1')))?.id ?? '';
    await rig.sandbox.change(id, {
      title: 'Hand',
      name: { givenName: 'Ada', familyName: 'Hand' },
      emails: [{ value: 'hand@example.test', type: 'work', primary: true }],
    });
    await rig.attempt(await rig.due('a1', { fresh: true }));
    await isSettled();
    await told({ title: '', sn: 'King', home: '', unit: 'second' });
    await told({ title: 'X', sn: 'Kong', home: 'y@home.test', unit: 'third', status: 'off' });
    await told({ title: 'X', sn: 'Kong', home: 'y@home.test', unit: 'third' });
    await rig.attempt(await rig.gone('a1'));
    await isSettled();
    await told({ title: 'Y', sn: 'Kung', home: 'z@home.test', unit: 'third' });
    expect((await rig.sandbox.accounts()).map(({ user }) => user.active)).toEqual([true]);
  });
});
