import { describe, expect, test } from 'vitest';
import { LeaseLost } from '../../app/errors.ts';
import { createLinks } from '../../app/store/links.ts';
import type { Link } from '../../app/store/ports/index.ts';
import { ada, grace, lease, redis, store, T0, useRedis } from './use-redis.ts';

useRedis();

const linkOf = (key: typeof ada, accountId: string, active = true): Link => ({
  target: 'agileplace',
  key,
  id: accountId,
  madeBy: 'created',
  madeAt: T0.toISOString(),
  desired: { userName: 'x', active },
  echo: { userName: 'x', active },
  certain: true,
  confirmedAt: T0.toISOString(),
});

describe('links', () => {
  test('an account belongs to one person at most', async () => {
    const links = createLinks(store);
    await links.put(linkOf(ada, 't-1'), await lease());
    await expect(links.put(linkOf(grace, 't-1'), await lease('write:agileplace:corp:g1'))).rejects.toThrow(
      'account t-1 at agileplace is linked to another person',
    );
    expect(await links.ownerOf('agileplace', 't-1')).toBe(ada);
  });

  test('a late writer cannot store', async () => {
    const links = createLinks(store);
    const late = await lease();
    await redis.del(store.key('lease', late.name));
    await expect(links.put(linkOf(ada, 't-1'), late)).rejects.toBeInstanceOf(LeaseLost);
    expect(await links.get('agileplace', ada)).toBeNull();
  });

  test('counts the active ones as they come and go', async () => {
    const links = createLinks(store);
    const mine = await lease();
    await links.put(linkOf(ada, 't-1'), mine);
    expect(await links.countActive('agileplace')).toBe(1);
    await links.put(linkOf(ada, 't-1', false), mine);
    expect(await links.countActive('agileplace')).toBe(0);
    await links.put(linkOf(ada, 't-2'), mine);
    expect(await links.ownerOf('agileplace', 't-1')).toBeNull();
    await links.drop(linkOf(ada, 't-2'), mine);
    expect(await links.get('agileplace', ada)).toBeNull();
    expect(await links.countActive('agileplace')).toBe(0);
  });
});
