/** Accounts that are found by a mail address, which happens only where the mapping names `mail` under `match`. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { provision } from '../../../app/sync/provisioning/provision.ts';
import { absorbEntry } from '../../../app/sync/reading/absorb.ts';
import { lifecycleMapping } from '../../support/lifecycle-mapping.ts';
import { entryOf, type Rig, startRig } from '../../support/rig.ts';

const TARGET = 'agileplace';
const never = new AbortController().signal;
const MAIL = 'ada@example.test';
const atTarget = {
  userName: 'ada.old',
  name: { givenName: 'Ada', familyName: 'Byron' },
  emails: [
    { value: 'home@example.test', type: 'home' },
    { value: 'Ada@Example.test', type: 'work', primary: true },
  ],
  active: true,
};

let rig: Rig;
let unnamed: Rig;
beforeAll(async () => {
  const mapping = lifecycleMapping({ match: '[externalId, userName, mail]' });
  [rig, unnamed] = await Promise.all([startRig({ mapping }), startRig({ mapping: lifecycleMapping() })]);
});
beforeEach(async () => {
  await Promise.all([rig.clear(), unnamed.clear()]);
});
afterAll(async () => {
  await Promise.all([rig.stop(), unnamed.stop()]);
});

const login = 'ada.new';

describe('an account with the mail of somebody new', () => {
  test('is adopted by it, whatever the case, and named so', async () => {
    const { id } = await rig.sandbox.seed(atTarget);
    expect(await rig.attempt(await rig.person('1', { mail: MAIL, login }))).toMatchObject({
      plan: { action: 'adopt', reason: 'found by mail', id },
    });
    expect((await rig.stores.links.get(TARGET, rig.key('1')))?.madeBy).toBe('mail');
    expect((await rig.sandbox.account(login))?.id).toBe(id);
  });

  test('is theirs though a joined source tells of the address, too', async () => {
    const { id } = await rig.sandbox.seed(atTarget);
    await absorbEntry('hr', entryOf('h1', { mail: MAIL }), rig.reading);
    const key = await rig.person('1', { mail: MAIL, login });
    const mapping = rig.deps.mappingFor('corp');
    if (mapping === null) throw new Error('no mapping');
    const attempt = async (joined: typeof mapping) =>
      await provision({ key, lastAttempt: true }, { ...rig.deps, mappingFor: () => joined }, never);
    expect(await attempt(mapping)).toMatchObject({ kind: 'refused' });
    await rig.due('1');
    const hr = {
      source: 'hr',
      on: 'employeenumber',
      to: 'employeenumber',
      where: 'test.yaml:1:1',
      reads: [],
    };
    expect(await attempt({ ...mapping, joins: [hr] })).toMatchObject({ plan: { action: 'adopt', id } });
  });

  test('is not looked for where the mapping does not name mail', async () => {
    await unnamed.sandbox.seed(atTarget);
    expect(await unnamed.attempt(await unnamed.person('1', { mail: MAIL, login }))).toMatchObject({
      plan: { action: 'create' },
    });
    const searches = (await unnamed.sandbox.journal()).filter(({ path }) => /email/i.test(path));
    expect(searches).toEqual([]);
  });

  test('is held where two accounts have it, or it carries another externalId', async () => {
    await rig.sandbox.seed(atTarget);
    const { id } = await rig.sandbox.seed({ ...atTarget, userName: 'ada.other' });
    expect(await rig.attempt(await rig.person('1', { mail: MAIL, login }))).toEqual({
      kind: 'refused',
      reason: 'ambiguous: 2 accounts have this mail',
    });
    await rig.sandbox.remove(id);
    const [first] = await rig.sandbox.accounts();
    await rig.sandbox.change(first?.id ?? '', { externalId: 'hr-9' });
    expect(await rig.attempt(await rig.due('1', { fresh: true }))).toEqual({
      kind: 'refused',
      reason: 'ambiguous: the account with this mail carries another externalId',
    });
    expect(await rig.writes()).toEqual([]);
  });

  test('is nobody’s where two people carry that mail, or one has carried it', async () => {
    await rig.sandbox.seed(atTarget);
    await rig.person('2', { mail: MAIL });
    await rig.person('2', { mail: 'grace@example.test' });
    expect(await rig.attempt(await rig.person('1', { mail: MAIL, login }))).toEqual({
      kind: 'refused',
      reason: 'ambiguous: an account has this mail, which others carry or have carried too: corp:2',
    });
    expect(await rig.writes()).toEqual([]);
  });

  test('of a colleague who is there does not keep anybody from an account of their own', async () => {
    await rig.attempt(await rig.person('1', { mail: MAIL, login: 'first' }));
    expect(await rig.attempt(await rig.person('2', { mail: MAIL, login: 'second' }))).toMatchObject({
      plan: { action: 'create' },
    });
    expect(await rig.sandbox.accounts()).toHaveLength(2);
  });
});
