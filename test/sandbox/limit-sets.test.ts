/**
 * Limits of sets of endpoints, as Slack has them, and the headers that a flag chooses, over HTTP.
 */
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { LimitSet } from '../../sandbox/scim-target/limits.ts';
import { RateSets } from '../../sandbox/scim-target/rate-sets.ts';
import { type Sandbox, startSandbox } from '../support/sandbox.ts';
import { ask } from './scim-request.ts';

const SCHEMAS = ['urn:scim:schemas:core:1.0'];
let sandbox: Sandbox;

const set = (more: Partial<LimitSet>): LimitSet => ({
  name: 'set',
  methods: ['POST'],
  resources: 'any',
  perMinute: 60,
  burst: 2,
  ...more,
});

describe('a set', () => {
  const at = (milliseconds: number) => new Date(Date.UTC(2026, 0, 2) + milliseconds);
  const post = { user: 'ana', method: 'POST', place: 'users' } as const;

  test('holds a burst, then lets through at its rate, for everybody together', () => {
    const sets = new RateSets([set({})]);
    const granted = [0, 0, 0, 999, 1000, 1001].map((time, index) =>
      sets.take({ ...post, user: index % 2 ? 'ana' : 'bob' }, at(time)),
    );
    expect(granted.map((grant) => grant?.granted)).toEqual([true, true, false, false, true, false]);
    expect(granted[2]?.resetAt).toEqual(at(1000));
  });

  test('a request needs a place in each of its sets, and a refused one takes none', () => {
    const sets = new RateSets([set({ burst: 3 }), set({ resources: 'users', burst: 1 })]);
    const take = (place: 'users' | 'groups') => sets.take({ ...post, place }, at(0))?.granted;
    expect([take('users'), take('users'), take('groups'), take('groups'), take('groups')]).toEqual([
      true,
      false,
      true,
      true,
      false,
    ]);
  });

  test('whatever comes when: no more is granted than the burst and the rate allow, and resetAt is true', () => {
    const gaps = fc.array(fc.integer({ min: 0, max: 3000 }), { minLength: 1, maxLength: 60 });
    const some = fc.record({
      burst: fc.integer({ min: 1, max: 10 }),
      perMinute: fc.integer({ min: 1, max: 600 }),
    });
    fc.assert(
      fc.property(gaps, some, (waits, { burst, perMinute }) => {
        const sets = new RateSets([set({ burst, perMinute })]);
        let now = 0;
        const grants = waits.map((wait) => {
          now += wait;
          return sets.take(post, at(now));
        });
        const granted = grants.filter((grant) => grant?.granted).length;
        expect(granted).toBeLessThanOrEqual(burst + (now * perMinute) / 60_000);
        const last = grants.at(-1);
        if (last?.granted === false) expect(sets.take(post, last.resetAt)?.granted).toBe(true);
      }),
    );
  });

  test('a request that belongs to no set is not limited', () => {
    expect(new RateSets([set({})]).take({ ...post, method: 'GET' }, at(0))).toBeNull();
  });
});

describe('slack', () => {
  beforeAll(async () => {
    sandbox = await startSandbox({ dialect: 'slack', limits: 'documented' });
  });
  afterAll(() => sandbox.stop());
  beforeEach(() => sandbox.reset());

  const create = (name: string) =>
    ask(sandbox, 'POST', '/Users', { schemas: SCHEMAS, userName: name, emails: [`${name}@corp.test`] });

  test('O-17 · the 21st create at once is 429, with Retry-After in seconds and no other header', async () => {
    await sandbox.limits({ sets: [set({ resources: 'users', perMinute: 1, burst: 20 })] });
    const answers = [];
    for (let index = 0; index <= 20; index += 1) answers.push(await create(`user${index}`));
    expect(answers.map(({ status }) => status)).toEqual([...Array(20).fill(201), 429]);
    const last = answers.at(-1);
    expect(last?.headers.get('retry-after')).toMatch(/^(59|60)$/);
    expect([...(last?.headers.keys() ?? [])].filter((name) => /ratelimit/i.test(name))).toEqual([]);
    expect((await ask(sandbox, 'GET', '/Users')).status).toBe(200);
  });

  test('the documented sets are in force from the start, and a reset brings them back', async () => {
    const limits = async () => (await fetch(`${sandbox.controlUrl}/limits`)).json();
    const documented = await limits();
    expect(documented).toMatchObject({
      sets: expect.arrayContaining([expect.objectContaining({ burst: 180 })]),
    });
    await sandbox.limits({ points: 1, windowSeconds: 60 });
    await sandbox.reset();
    expect(await limits()).toEqual(documented);
  });
});

describe('headers', () => {
  afterEach(() => sandbox.stop());

  test.each([
    ['draft-new', 'ratelimit', /^"default";r=4;t=\d+$/],
    ['draft-old', 'ratelimit', /^limit=5, remaining=4, reset=\d+$/],
    ['x-ms', 'x-ratelimit-reset', /^\d{13}$/],
    ['x', 'x-ratelimit-reset', /^\d{10}$/],
  ] as const)('%s can be chosen for any dialect', async (rateHeaders, name, form) => {
    sandbox = await startSandbox({ dialect: 'uaa', rateHeaders, limits: { points: 5, windowSeconds: 60 } });
    expect((await ask(sandbox, 'GET', '/Users')).headers.get(name)).toMatch(form);
  });
});
