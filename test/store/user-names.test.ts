/** Who has which userName at a target, over a real Redis. */
import { expect, test } from 'vitest';
import { type PersonKey, personKey } from '../../app/person/anchor.ts';
import { connect, createStore } from '../../app/store/connection.ts';
import { createLinks } from '../../app/store/links.ts';
import type { Link } from '../../app/store/ports/index.ts';
import { createUserNames } from '../../app/store/user-names.ts';
import { ada, bob, grace, id, lease, redis, store, T0, useRedis } from './use-redis.ts';

useRedis();

const TARGET = 'agileplace';
const NAMES = ['ada', 'ada.l', 'ada.l2'];

async function link(key: PersonKey, userName: string): Promise<Link> {
  const made: Link = {
    target: TARGET,
    key,
    id: `t-${key}`,
    madeBy: 'created',
    madeAt: T0.toISOString(),
    desired: { userName, active: true },
    echo: { userName },
    certain: true,
    confirmedAt: T0.toISOString(),
  };
  await createLinks(store).put(made, await lease(`write:${TARGET}:${key}:${userName}`));
  return made;
}

test('the first name that nobody else has, whatever its case, and the same one when asked again', async () => {
  const names = createUserNames(store);
  expect(await names.claim(TARGET, ada, NAMES)).toBe('ada');
  expect(await names.claim(TARGET, bob, ['ADA', 'bob'])).toBe('bob');
  expect(await names.claim(TARGET, grace, NAMES)).toBe('ada.l');
  await names.giveUp(TARGET, ada);
  expect(await names.claim(TARGET, grace, NAMES)).toBe('ada.l');
  expect(await names.claim(TARGET, ada, NAMES)).toBe('ada');
  expect(await names.claim('slack', bob, NAMES)).toBe('ada');
});

test('a name is foreseen without being taken', async () => {
  const names = createUserNames(store);
  expect(await names.foresee(TARGET, ada, NAMES)).toBe('ada');
  expect(await names.claim(TARGET, bob, NAMES)).toBe('ada');
  expect(await names.foresee(TARGET, ada, NAMES)).toBe('ada.l');
  expect(await names.foresee(TARGET, ada, ['ada'])).toBeNull();
});

test('linked accounts keep their names, also those that were given before anything was proposed', async () => {
  const names = createUserNames(store);
  const made = await link(ada, 'Ada');
  expect(await names.claim(TARGET, bob, NAMES)).toBe('ada.l');
  expect(await names.claim(TARGET, ada, ['ada.l', 'ada'])).toBe('ada');
  await createLinks(store).drop(made, await lease('write:gone'));
  expect(await names.claim(TARGET, grace, NAMES)).toBe('ada');
});

test('whoever is renamed holds both names until the account has the new one', async () => {
  const names = createUserNames(store);
  await link(ada, 'ada.byron');
  expect(await names.claim(TARGET, ada, ['ada'])).toBe('ada');
  expect(await names.claim(TARGET, bob, ['ada.byron', 'ada', 'bob'])).toBe('bob');
  await link(ada, 'ada');
  expect(await names.claim(TARGET, grace, ['ada.byron'])).toBe('ada.byron');
  expect(await names.claim(TARGET, bob, ['ada'])).toBeNull();
});

test('what the target refuses is passed over, and what it shows as theirs counts first', async () => {
  const names = createUserNames(store);
  expect(await names.claim(TARGET, ada, NAMES)).toBe('ada');
  await names.refused(TARGET, 'Ada');
  expect(await names.claim(TARGET, ada, NAMES)).toBe('ada.l');
  expect(await names.claim(TARGET, bob, NAMES)).toBe('ada.l2');
  expect(await names.claim(TARGET, grace, NAMES, 'ada.l2')).toBe('ada.l2');
  expect(await names.claim(TARGET, bob, NAMES)).toBeNull();
  await link(grace, 'ada.l2');
  expect(await names.claim(TARGET, bob, NAMES, 'ada.l2')).toBeNull();
});

test('two processes never give one name to two people', async () => {
  const other = connect(`redis://127.0.0.1:${redis.options.port ?? 0}`);
  try {
    const processes = [store, createStore(other, 'landbridge')].map(createUserNames);
    const people = Array.from({ length: 60 }, (_, index) => personKey('corp', id(`p${index}`)));
    const proposed = Array.from({ length: 60 }, (_, index) => `ada${index}`);
    const given = await Promise.all(
      people.map((key, index) => processes[index % 2]?.claim(TARGET, key, proposed)),
    );
    expect(given.toSorted()).toEqual(proposed.toSorted());
  } finally {
    other.disconnect();
  }
});
