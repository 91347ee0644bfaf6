import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type PersonKey, personKey } from '../../app/person/anchor.ts';
import { dnMention, type Mention, mentionsOf } from '../../app/person/mention.ts';
import { createDueMarks } from '../../app/store/due-marks.ts';
import { createGroups } from '../../app/store/groups.ts';
import { createIdentities } from '../../app/store/identities.ts';
import { createLinks } from '../../app/store/links.ts';
import type { Link, RestingOn, Served } from '../../app/store/ports/index.ts';
import { createJoiners, createReferrers } from '../../app/store/referrers.ts';
import { ada, bob, grace, id, lease, person, redis, store, T0, useRedis } from './use-redis.ts';

useRedis();

const byId = (text: string) => `id:${text}` as Mention;

describe('who names whom', () => {
  test('is what each person said last, whatever was said before, and no other target or source is meant', async () => {
    const people = [ada, bob, grace];
    const anybody = fc.constantFrom(...people);
    const mention = fc.constantFrom(
      byId('a1'),
      byId('g1'),
      dnMention('cn=a:b,ou=x'),
      dnMention('cn="q",ou=x'),
    );
    const saying = fc.record({
      who: anybody,
      target: fc.constantFrom('one', 'two'),
      source: fc.constantFrom('corp', 'hr'),
      mentions: fc.array(mention, { maxLength: 3 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(saying, { maxLength: 12 }), async (said) => {
        await redis.flushall();
        const referrers = createReferrers(store);
        const last = new Map<string, readonly Mention[]>();
        for (const { who, target, source, mentions } of said) {
          // A person is of one source.
          const key = personKey(source, id(who.split(':')[1] ?? ''));
          await referrers.note(target, source, key, mentions);
          last.set(`${target} ${source} ${key}`, mentions);
        }
        for (const target of ['one', 'two']) {
          for (const source of ['corp', 'hr']) {
            for (const asked of [
              byId('a1'),
              byId('g1'),
              dnMention('cn=a:b,ou=x'),
              dnMention('cn="q",ou=x'),
            ]) {
              const expected = [...last].flatMap(([place, mentions]) => {
                const [at, from, key] = place.split(' ');
                return at === target && from === source && mentions.includes(asked) ? [key as PersonKey] : [];
              });
              expect([...(await referrers.of(target, source, [asked]))].sort()).toEqual(expected.sort());
            }
          }
        }
        const nobody = [...last.values()].every((mentions) => mentions.length === 0);
        if (nobody) expect(await redis.keys('*')).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  test('by any of several names is said once', async () => {
    const referrers = createReferrers(store);
    await referrers.note('one', 'corp', ada, [byId('g1'), dnMention('cn=grace')]);
    await referrers.note('one', 'corp', bob, [dnMention('cn=grace')]);
    const asked = mentionsOf({ stableId: id('g1'), dnKey: 'cn=grace' });
    expect([...(await referrers.of('one', 'corp', asked))].sort()).toEqual([ada, bob]);
    expect(await referrers.of('one', 'corp', [])).toEqual([]);
  });
});

describe('whom a mention means', () => {
  test('is whoever stands at the DN now, or has the id, and nobody who is not known', async () => {
    const identities = createIdentities(store, createGroups(store));
    await identities.put(person(1, {}, 'cn=ada'), 0);
    expect(await identities.mentioned('corp', byId('a1'))).toBe(ada);
    expect(await identities.mentioned('corp', dnMention('cn=ada'))).toBe(ada);
    expect(await identities.mentioned('hr', byId('a1'))).toBeNull();
    await identities.put(person(2, {}, 'cn=ada,ou=b'), 1);
    expect(await identities.mentioned('corp', dnMention('cn=ada'))).toBeNull();
    expect(await identities.mentioned('corp', dnMention('cn=ada,ou=b'))).toBe(ada);
    expect(await identities.mentioned('corp', byId('g1'))).toBeNull();
  });
});

describe('who stands anew', () => {
  const absent = { state: 'absent', why: 'deleted', since: T0.toISOString() } as const;

  test('is noted for those who were known: after a rename, a return and a take-over of a DN', async () => {
    const identities = createIdentities(store, createGroups(store));
    const dnKeys = async () => (await identities.moves('corp')).map(({ dnKey }) => dnKey);
    await identities.put(person(1, {}, 'cn=ada'), 0);
    await identities.put(person(2, { mail: ['x'] }, 'cn=ada'), 1);
    expect(await dnKeys()).toEqual([]);
    await identities.put(person(3, {}, 'cn=lovelace'), 2);
    expect(await dnKeys()).toEqual(['cn=lovelace']);
    await identities.settleMoves('corp', await identities.moves('corp'));
    await identities.put({ ...person(4, {}, 'cn=lovelace'), presence: absent }, 3);
    expect(await dnKeys()).toEqual([]);
    await identities.put(person(5, {}, 'cn=lovelace'), 4);
    expect(await dnKeys()).toEqual(['cn=lovelace']);
  });

  test('stays noted where somebody came to stand there while others were told', async () => {
    const identities = createIdentities(store, createGroups(store));
    await identities.put(person(1, {}, 'cn=a'), 0);
    await identities.put(person(2, {}, 'cn=b'), 1);
    const told = await identities.moves('corp');
    await identities.put(person(3, {}, 'cn=a'), 2);
    await identities.put(person(4, {}, 'cn=b'), 3);
    await identities.settleMoves('corp', told);
    expect((await identities.moves('corp')).map(({ dnKey }) => dnKey).sort()).toEqual(['cn=a', 'cn=b']);
  });
});

describe('whose account is another one', () => {
  const link = (accountId: string, sn = ''): Link => ({
    target: 'agileplace',
    key: ada,
    id: accountId,
    madeBy: 'created',
    madeAt: T0.toISOString(),
    desired: { userName: 'x', sn },
    echo: { userName: 'x' },
    certain: true,
    confirmedAt: T0.toISOString(),
  });

  test('is noted when it is linked, replaced or dropped, and not when it is written', async () => {
    const links = createLinks(store);
    const mine = await lease();
    const settled = async () => {
      const news = await links.newAccounts('agileplace');
      await links.settleNewAccounts('agileplace', news);
      return news.map(({ key }) => key);
    };
    await links.drop(link('t-1'), mine);
    expect(await settled()).toEqual([]);
    await links.put(link('t-1'), mine);
    expect(await links.newAccounts('agileplace', bob)).toEqual([]);
    expect(await links.newAccounts('agileplace', ada)).toHaveLength(1);
    expect(await settled()).toEqual([ada]);
    await links.put(link('t-1', 'Byron'), mine);
    expect(await settled()).toEqual([]);
    await links.put(link('t-2'), mine);
    expect(await settled()).toEqual([ada]);
    await links.drop(link('t-2'), mine);
    expect(await settled()).toEqual([ada]);
  });

  test('stays noted where it changed again while others were told', async () => {
    const links = createLinks(store);
    const mine = await lease();
    await links.put(link('t-1'), mine);
    const told = await links.newAccounts('agileplace');
    await links.settleNewAccounts('agileplace', told);
    await links.drop(link('t-1'), mine);
    await links.put(link('t-1'), mine);
    await links.settleNewAccounts('agileplace', told);
    expect(await links.newAccounts('agileplace')).toHaveLength(1);
  });
});

test('who waits for an account is counted by how they were last served', async () => {
  const due = createDueMarks(store);
  const mine = await lease();
  const served = (waiting?: Served['waiting']): Served => ({
    seq: 1,
    at: T0.toISOString(),
    state: 'done',
    plan: { action: 'none', reason: 'nothing differs' },
    ...(waiting === undefined ? {} : { waiting }),
  });
  await due.serve('one', ada, served([{ attribute: 'x', from: 'manager', person: null }]), mine);
  expect([await due.countWaiting('one'), await due.countWaiting('two')]).toEqual([1, 0]);
  await due.serve('one', ada, served(), mine);
  expect(await due.countWaiting('one')).toBe(0);
});

test('who rests on whose record at another source is what was said last, and nothing of who names whom', async () => {
  const joiners = createJoiners(store);
  const hr = (text: string) => `hr ${text}` as RestingOn;
  await joiners.note('one', ada, [hr('id 1'), hr('mail a@x.org')]);
  await joiners.note('one', bob, [hr('id 1')]);
  await createReferrers(store).note('one', 'corp', ada, [byId('g1')]);
  expect((await joiners.of('one', [hr('id 1'), hr('id 2')])).toSorted()).toEqual([ada, bob].toSorted());
  await joiners.note('one', ada, [hr('id 2')]);
  expect(await joiners.of('one', [hr('id 1')])).toEqual([bob]);
  expect(await joiners.of('one', [hr('mail a@x.org')])).toEqual([]);
  expect(await joiners.of('one', [hr('id 2')])).toEqual([ada]);
  expect(await joiners.of('two', [hr('id 2')])).toEqual([]);
  expect(await joiners.of('one', [])).toEqual([]);
});
