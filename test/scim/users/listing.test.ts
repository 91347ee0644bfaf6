import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { LeaseLost } from '../../../app/errors.ts';
import { generic } from '../../../app/scim/profiles/generic.ts';
import type { ListCall, Listed, Target } from '../../../app/scim/target.ts';
import { type Sandbox, startSandbox } from '../../support/sandbox.ts';
import { aListCall } from '../memory-ports.ts';
import { answering, type OddServer, PAGE } from '../odd-server.ts';
import {
  closeTargets,
  DOWN,
  failureOf,
  MISCONFIGURED,
  oddServerForEachTest,
  setUp,
  UNAUTHORIZED,
} from '../set-up.ts';

afterEach(closeTargets);

type Listing = {
  readonly ids: string[];
  readonly pages: number[];
  end: Extract<Listed, { kind: 'end' }> | null;
};

/** @param into what came before a failure is found here as well */
async function listed(target: Target, call: ListCall = aListCall(), into?: Listing): Promise<Listing> {
  const listing: Listing = into ?? { ids: [], pages: [], end: null };
  for await (const item of target.list(call)) {
    if (item.kind === 'end') {
      listing.end = item;
    } else {
      listing.ids.push(...item.accounts.map(({ id }) => id));
      listing.pages.push(item.accounts.length);
    }
  }
  return listing;
}

const complete = (requests: number) => ({ kind: 'end', complete: true, problem: null, requests });

describe('all users of a SCIM 1.1 service', () => {
  let sandbox: Sandbox;
  beforeAll(async () => {
    sandbox = await startSandbox();
  });
  afterAll(() => sandbox.stop());
  beforeEach(() => sandbox.reset());

  function target(): Target {
    const { user, password, baseUrl } = sandbox;
    const auth = { kind: 'basic', username: user, password: () => password } as const;
    return setUp(baseUrl, { auth, now: () => new Date(), timeoutMs: 10_000 }).target;
  }

  async function seeded(many: number): Promise<string[]> {
    const users = Array.from({ length: many }, (_, at) => ({
      userName: `user${at}@corp.test`,
      active: true,
    }));
    return (await sandbox.seedAll(users)).map(({ id }) => id);
  }

  async function asked(): Promise<string[]> {
    return (await sandbox.journal()).map(
      ({ method, path }) => `${method} ${path.replace('/io/scim/v1', '')}`,
    );
  }

  test('450 accounts come in 3 requests', async () => {
    const ids = await seeded(450);
    expect(await listed(target())).toEqual({ ids, pages: [200, 200, 50], end: complete(3) });
    expect(await asked()).toEqual([
      'GET /Users?count=200',
      'GET /Users?startIndex=201&count=200',
      'GET /Users?startIndex=401&count=200',
    ]);
  });

  test('an account comes as a search would find it', async () => {
    await seeded(2);
    const pages: Listed[] = [];
    for await (const item of target().list(aListCall())) pages.push(item);
    const found = await target().find({ by: 'userName', value: 'user1@corp.test' }, aListCall());
    expect(pages[0]?.kind === 'page' && pages[0].accounts[1]).toEqual(found[0]);
  });

  test('nobody at all is a complete listing', async () => {
    expect(await listed(target())).toEqual({ ids: [], pages: [], end: complete(1) });
  });

  test('a full last page costs one look behind it', async () => {
    const ids = await seeded(200);
    expect(await listed(target())).toEqual({ ids, pages: [200], end: complete(2) });
  });

  test('O-15: where the first page comes again, the listing ends after 2 requests, incomplete', async () => {
    const ids = await seeded(250);
    await sandbox.fault({ kind: 'ignore-paging' });
    const listing = await listed(target());
    expect(listing.ids).toEqual(ids.slice(0, 200));
    expect(listing.end).toEqual({
      kind: 'end',
      complete: false,
      problem:
        'page 2 brought nobody new after 200 of 250 accounts; ' +
        'startIndex is ignored, or counted in another way than the profile says',
      requests: 2,
    });
    expect(await asked()).toHaveLength(2);
  });

  test.each([
    ['a sign-in page', { kind: 'sign-in-page' }, MISCONFIGURED],
    ['an error page', { kind: 'html-error', status: 404 }, MISCONFIGURED],
    ['a 500', { kind: 'status', status: 500 }, DOWN],
    ['a broken connection', { kind: 'drop-before-commit' }, DOWN],
    ['a 401', { kind: 'unauthorized' }, UNAUTHORIZED],
    ['a 403', { kind: 'status', status: 403 }, UNAUTHORIZED],
  ] as const)('%s in the middle is thrown after the pages that came', async (_what, fault, expected) => {
    await seeded(450);
    await sandbox.fault({ ...fault, path: 'startIndex=201' });
    const listing: Listing = { ids: [], pages: [], end: null };
    expect(await failureOf(listed(target(), aListCall(), listing))).toMatchObject(expected);
    expect(listing).toMatchObject({ pages: [200], end: null });
    expect(await asked()).toHaveLength(2);
  });

  test('a 429 in the middle is waited for, and the listing goes on with the same page', async () => {
    const ids = await seeded(450);
    await sandbox.fault({ kind: 'status', status: 429, retryAfter: '30', path: 'startIndex=201', count: 1 });
    const waits: Date[] = [];
    const waitUntil = async (until: Date) => {
      waits.push(until);
      await sandbox.clearFaults();
    };
    expect(await listed(target(), aListCall({ waitUntil }))).toEqual({
      ids,
      pages: [200, 200, 50],
      end: complete(3),
    });
    expect(waits).toHaveLength(1);
  });

  test.each([400, 404, 409, 501])('%i in the middle ends the listing, incomplete', async (status) => {
    await seeded(450);
    await sandbox.fault({ kind: 'status', status, path: 'startIndex=201' });
    expect(await listed(target())).toMatchObject({
      pages: [200],
      end: { kind: 'end', complete: false, problem: `page 2 was refused (${status})`, requests: 2 },
    });
  });

  test('each request is announced, and none is sent once the lease is lost', async () => {
    await seeded(450);
    let announced = 0;
    const beforeRequest = async () => {
      announced += 1;
      if (announced === 2) throw new LeaseLost('taken over');
    };
    expect(await failureOf(listed(target(), aListCall({ beforeRequest })))).toMatchObject({
      name: 'LeaseLost',
    });
    expect(await asked()).toEqual(['GET /Users?count=200']);
  });

  test('whoever stops reading sends no further request', async () => {
    await seeded(450);
    for await (const item of target().list(aListCall())) if (item.kind === 'page') break;
    expect(await asked()).toEqual(['GET /Users?count=200']);
  });
});

describe('a list from an odd server', () => {
  const server = oddServerForEachTest();
  const target = () => setUp(`${server.origin}/scim`).target;
  const users = (many: number) =>
    Array.from({ length: many }, (_, at) => ({ id: `t-${at}`, userName: `user-${at}` }));

  test('O-15: 250 in one page, though 200 were asked for: all are taken, by 1 request', async () => {
    server.answer = answering(200, { totalResults: '250', itemsPerPage: 0, resources: users(250) });
    const listing = await listed(target());
    expect(listing).toMatchObject({ pages: [250], end: complete(1) });
    expect(server.asked.map(({ url }) => url)).toEqual(['/scim/Users?count=200']);
  });

  test('users without ids are not taken, and the listing is incomplete', async () => {
    server.answer = answering(200, { totalResults: 2, Resources: [...users(1), { userName: 'user-1' }] });
    expect(await listed(target())).toMatchObject({
      ids: ['t-0'],
      end: { complete: false, problem: 'some entries came without an id or a userName' },
    });
  });

  test('a total without Resources is not "nobody"', async () => {
    server.answer = answering(200, { totalResults: 3 });
    expect(await listed(target())).toMatchObject({
      pages: [],
      end: { complete: false, problem: 'the pages ended after 0 of 3 accounts', requests: 1 },
    });
  });

  test('a list of stubs: each is read by itself, a spent budget is waited for, and who is gone is left out', async () => {
    const stubs = users(3);
    let refused = false;
    server.answer = (asked, response) => {
      const id = asked.url.split('/').at(-1) ?? '';
      if (asked.url.includes('?')) answering(200, { totalResults: 3, Resources: stubs })(asked, response);
      else if (id === 't-1') answering(404, { Errors: [{ code: '404' }] })(asked, response);
      else if (id === 't-2' && !refused) {
        refused = true;
        answering(429, '', { 'retry-after': '30' })(asked, response);
      } else answering(200, { id, userName: `user-${id}`, title: 'T' })(asked, response);
    };
    const waits: Date[] = [];
    const waitUntil = async (until: Date) => void waits.push(until);
    const { target: service } = setUp(`${server.origin}/scim`, {
      profile: { ...generic, listShows: 'stubs' },
    });
    const listing = await listed(service, aListCall({ waitUntil }));
    expect(listing).toEqual({ ids: ['t-0', 't-2'], pages: [2], end: complete(1) });
    expect(waits).toHaveLength(1);
  });

  test.each<[string, OddServer['answer'], object]>([
    ['O-13 k: a sign-in page is not "nobody"', answering(200, PAGE), MISCONFIGURED],
    ['an answer that is no list', answering(200, { id: '1', userName: 'x' }), DOWN],
    ['a bare list', answering(200, []), DOWN],
    ['204', answering(204, ''), DOWN],
    ['404 as SCIM: there is no such endpoint', answering(404, { Errors: [{ code: 404 }] }), MISCONFIGURED],
    [
      '400',
      answering(400, { Errors: [{ description: 'no lists' }] }),
      { name: 'Refused', words: 'no lists' },
    ],
    ['a redirect', answering(302, '', { location: 'https://elsewhere.example/' }), MISCONFIGURED],
  ])('first answer: %s', async (_what, answer, expected) => {
    server.answer = answer;
    expect(await failureOf(listed(target()))).toMatchObject(expected);
    expect(server.asked).toHaveLength(1);
  });
});
