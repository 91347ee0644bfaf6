import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { Redis } from 'ioredis';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { PersonKey } from '../../app/person/anchor.ts';
import { connect, createStore } from '../../app/store/connection.ts';
import { createStores } from '../../app/store/stores.ts';
import { type Person, planningWorld } from './planning-world.ts';

const WRITES = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);

describe('landbridge apply', () => {
  test('does exactly what the plan shows, with as many requests as it says, and once only', async () => {
    const world = await planningWorld();
    world.people([{ id: '1' }, { id: '2', title: 'Clerk' }]);
    const { path, file } = await world.planFile();
    await world.sandbox.clearJournal();
    const { code, text } = await world.apply(path);
    expect(text.split('\n').sort()).toEqual([
      '2 done',
      'hr:1 at crm: create: done',
      'hr:2 at crm: create: done',
    ]);
    expect(code).toBe(0);
    expect((await world.sandbox.journal()).length).toBe(file.targets[0]?.requests);
    const again = await world.apply(path);
    expect(again).toEqual({
      code: 0,
      text: expect.stringMatching(
        /hr:1 at crm: create: was so already: nothing differs[\s\S]*2 was so already$/,
      ),
    });
    const titles = (await world.sandbox.accounts()).map(({ user }) => [user['externalId'], user['title']]);
    expect(Object.fromEntries(titles)).toEqual({ 1: undefined, 2: 'Clerk' });
  });

  test.each(['generic', 'uaa', 'slack', 'wso2', 'pingdirectory', 'okta-style'])(
    'the requests that a plan names are the requests that are sent: %s',
    async (dialect) => {
      const attributes = `  externalId: '= id'
  userName: '= e.mail'
  name: { familyName: '= e.sn', givenName: Ada }
  emails: [{ value: '= e.mail', type: work, primary: true }]
  active: '= e.title != "off"'
`;
      const world = await planningWorld({ dialect }, { attributes });
      for (const people of [
        [{ id: '1' }, { id: '2' }, { id: '3' }],
        [
          { id: '1', sn: 'Lovelace' },
          { id: '2', title: 'off' },
        ],
      ]) {
        world.people(people);
        const { path, file } = await world.planFile({ fresh: true });
        await world.sandbox.clearJournal();
        expect((await world.apply(path)).code).toBe(0);
        expect({ people, requests: (await world.sandbox.journal()).length }).toEqual({
          people,
          requests: file.targets[0]?.requests,
        });
      }
    },
  );

  test('whoever changed at the source since is refused, and nobody else', async () => {
    const world = await planningWorld();
    world.people([{ id: '1' }, { id: '2' }]);
    const { path } = await world.planFile();
    world.people([{ id: '1' }, { id: '2', title: 'Clerk' }]);
    await world.plan({ fresh: true });
    const { code, text } = await world.apply(path, { json: true });
    expect(JSON.parse(text).results).toEqual(
      expect.arrayContaining([
        { person: 'hr:1', target: 'crm', action: 'create', result: 'done', reason: null },
        {
          person: 'hr:2',
          target: 'crm',
          action: 'create',
          result: 'moved',
          reason: 'it would be: create, new in scope',
        },
      ]),
    );
    expect(code).toBe(3);
    expect((await world.sandbox.accounts()).map(({ user }) => user['externalId'])).toEqual(['1']);
  });

  test('whoever changed at the target since is refused, and nobody else', async () => {
    const world = await planningWorld();
    world.people([
      { id: '1', title: 'Clerk' },
      { id: '2', title: 'Clerk' },
    ]);
    await world.apply((await world.planFile()).path);
    world.people([
      { id: '1', title: 'Chief' },
      { id: '2', title: 'Chief' },
    ]);
    const { path } = await world.planFile({ fresh: true });
    const account = (await world.sandbox.accounts()).find(({ user }) => user['externalId'] === '2');
    await world.sandbox.change(account?.id ?? '', { title: 'by hand' });
    const { code, text } = await world.apply(path);
    expect(text.split('\n').sort()).toEqual([
      '1 done, 1 moved since the plan was made',
      'hr:1 at crm: update: done',
      'hr:2 at crm: update: moved since the plan was made: it would be: update, changed',
    ]);
    expect(code).toBe(3);
    expect((await world.sandbox.accounts()).map(({ user }) => user['title']).sort()).toEqual([
      'Chief',
      'by hand',
    ]);
  });

  test('an account that came into being since is not taken over in place of a create', async () => {
    const world = await planningWorld();
    world.people([{ id: '1' }]);
    const { path } = await world.planFile();
    await world.sandbox.seed({ userName: '1@example.test', active: true });
    await world.sandbox.clearJournal();
    const { code, text } = await world.apply(path);
    expect(text).toContain(
      'hr:1 at crm: create: moved since the plan was made: it would be: adopt, found by userName',
    );
    expect(code).toBe(3);
    expect((await world.sandbox.journal()).filter(({ method }) => WRITES.has(method))).toEqual([]);
  });

  test('a file that was changed, is none, or is of another installation or configuration: nothing is begun', async () => {
    const [world, other] = await Promise.all([planningWorld(), planningWorld()]);
    world.people([{ id: '1' }]);
    const { path } = await world.planFile();
    const right = readFileSync(path, 'utf8');
    const refused = async (text: string, of = world) => {
      writeFileSync(path, text);
      return await of.apply(path).catch((error: Error) => error.message.replace(path, 'FILE'));
    };
    const changed =
      'FILE was changed after it was made, or was made by another installation. Make a new plan.';
    expect(await refused(right.replace('"create"', '"delete"'))).toBe(changed);
    expect(await refused('no json')).toMatch(/^FILE is no plan\./);
    expect(await refused(right, other)).toBe(changed);
    world.write({ more: 'scope: \'= e.mail != ""\'\n' });
    expect(await refused(right)).toMatch(/^FILE was made with another configuration or other mappings/);
    expect(await world.sandbox.accounts()).toEqual([]);
  });

  test('removals beyond the guard go as the plan shows, with who and why in the provisioning log', async () => {
    const world = await planningWorld();
    const all = Array.from({ length: 12 }, (_, n) => ({ id: String(n) }));
    world.people(all);
    await world.apply((await world.planFile()).path);
    world.write({ more: 'scope: \'= e.title != "gone"\'\n' });
    world.people(all.map((person, n) => (n < 6 ? { ...person, title: 'gone' } : person)));
    const { path } = await world.planFile({ fresh: true });
    expect((await world.apply(path, { reason: 'the site closes' })).code).toBe(0);
    expect((await world.sandbox.accounts()).filter(({ user }) => user['active'] === false)).toHaveLength(6);
    const redis = new Redis(world.redisUrl);
    const [key = ''] = await redis.keys('*:provisioning-log:hr:0');
    const [[, fields] = ['', []]] = await redis.xrevrange(key, '+', '-', 'COUNT', 1);
    redis.disconnect();
    expect(JSON.parse(fields?.[1] ?? '{}')).toMatchObject({
      action: 'deactivate',
      actor: 'ada.ops',
      note: 'the site closes',
    });
  });

  test('a removal that another operator has rejected is shown so, and stays as it is', async () => {
    const world = await planningWorld({}, { more: 'scope: \'= e.title != "gone"\'\n' });
    world.people([{ id: '1' }, { id: '2' }]);
    await world.apply((await world.planFile()).path);
    world.people([{ id: '1', title: 'gone' }, { id: '2' }]);
    const redis = connect(world.redisUrl);
    const names = { targets: ['crm'], sources: ['hr'] };
    const backoff = { firstMs: 1, longestMs: 1 };
    const { holds } = createStores(createStore(redis, 'landbridge'), names, backoff, () => new Date());
    const removal = { key: 'hr:1' as PersonKey, target: 'crm' };
    await holds.put('run-1', [removal]);
    const rejection = { run: 'run-1', actor: 'bea', at: '2026-03-01T12:00:00.000Z', reason: 'wrong filter' };
    await holds.reject(await holds.list('run-1'), rejection);
    redis.disconnect();
    const { path, file } = await world.planFile({ fresh: true });
    const words =
      'rejected by bea at 2026-03-01T12:00:00.000Z: it stays as it is, unless it is released from run run-1 after all';
    expect(file.items.map(({ person, action, problems }) => [person, action, problems])).toEqual([
      ['hr:1', 'deactivate', [words]],
    ]);
    expect(await world.apply(path)).toEqual({
      code: 3,
      text: `hr:1 at crm: deactivate: refused: ${words}\n1 refused`,
    });
    expect((await world.sandbox.accounts()).map(({ user }) => user['active'])).toEqual([true, true]);
  });

  test('a plan does not call somebody as wanted without a word whose absence is still to be decided about', async () => {
    const world = await planningWorld();
    world.people([{ id: '1' }, { id: '2' }]);
    await world.apply((await world.planFile()).path);
    const redis = connect(world.redisUrl);
    const names = { targets: ['crm'], sources: ['hr'] };
    const backoff = { firstMs: 1, longestMs: 1 };
    const { holds } = createStores(createStore(redis, 'landbridge'), names, backoff, () => new Date());
    await holds.put('run-1', [{ key: 'hr:1' as PersonKey, target: 'crm', absence: 'missing' }]);
    redis.disconnect();
    const all = await world.plan();
    expect(all.code).toBe(0);
    expect(all.text).toContain(
      '1 person is missing at the source and waits for a decision, so that nothing is planned for them: landbridge holds list',
    );
    const one = await world.plan({ people: ['hr:1'] });
    expect(one.text).toContain(
      'none: nothing differs\n    held with run run-1 until an operator releases it',
    );
  });

  test('stopped in the middle, the same plan goes on where it was left', async () => {
    const world = await planningWorld();
    world.people(Array.from({ length: 8 }, (_, n) => ({ id: String(n) })));
    const { path } = await world.planFile();
    const stop = new AbortController();
    const first: string[] = [];
    const write = (text: string) => {
      first.push(text);
      stop.abort();
    };
    expect((await world.apply(path, { stop: stop.signal, write })).code).toBe(3);
    const done = first.filter((line) => line.endsWith('done') && line.startsWith('hr:')).length;
    expect(done).toBeGreaterThan(0);
    expect((await world.sandbox.accounts()).length).toBe(done);
    expect((await world.apply(path)).code).toBe(0);
    expect((await world.sandbox.accounts()).length).toBe(8);
  });

  test('a second Ctrl-C ends it also where Redis is away for good', async () => {
    const world = await planningWorld();
    world.people(Array.from({ length: 40 }, (_, n) => ({ id: String(n) })));
    const { path } = await world.planFile();
    await world.sandbox.fault({ kind: 'latency', milliseconds: 200, method: 'POST' });
    const config = join(world.folder, 'landbridge.yaml');
    const args = ['--import', import.meta.resolve('tsx'), resolve('app/cli/main.ts'), '-c', config];
    const command = spawn(process.execPath, [...args, 'apply', path, '--yes'], {
      env: { ...process.env, SCIM_PASSWORD: world.sandbox.password, REDIS_URL: world.redisUrl },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    onTestFinished(() => void command.kill('SIGKILL'));
    const said: string[] = [];
    command.stdout.on('data', (text) => said.push(String(text)));
    await once(command.stdout, 'data');
    const redis = new Redis(world.redisUrl, { retryStrategy: () => null });
    redis.on('error', () => {});
    await redis.shutdown('NOSAVE').catch(() => {});
    redis.disconnect();
    command.kill('SIGINT');
    await sleep(1_200);
    command.kill('SIGINT');
    const [code] = await once(command, 'close');
    expect({ code, last: said.join('') }).toEqual({
      code: 3,
      last: expect.stringMatching(/\d+ not tried\n$/),
    });
  });

  test('a person whom the target refuses keeps nobody else', async () => {
    const world = await planningWorld();
    world.people([{ id: '1' }, { id: '2' }]);
    const { path } = await world.planFile();
    await world.sandbox.fault({ kind: 'status', status: 403, user: '1@example.test', method: 'POST' });
    const { code, text } = await world.apply(path);
    expect(code).toBe(3);
    expect(text).toMatch(/hr:1 at crm: create: refused: /);
    expect(text).toContain('hr:2 at crm: create: done');
  });

  test('two people whom one account matches: one of them gets it, the other is told, and everybody else goes on', async () => {
    const world = await planningWorld();
    const { id } = await world.sandbox.seed({ userName: 'same@example.test', active: true });
    world.people([
      { id: '1', mail: 'same@example.test' },
      { id: '2', mail: 'same@example.test' },
      { id: '3' },
    ]);
    const { path } = await world.planFile();
    const { code, text } = await world.apply(path, { json: true });
    const { counts, results } = JSON.parse(text) as {
      counts: object;
      results: readonly { readonly person: string; readonly result: string }[];
    };
    expect({ code, counts }).toEqual({
      code: 3,
      counts: { done: 2, nothing: 0, moved: 1, refused: 0, failed: 0, stopped: 0 },
    });
    const owner = results.find(({ person, result }) => person !== 'hr:3' && result === 'done')?.person;
    const account = (await world.sandbox.accounts()).find((each) => each.id === id);
    expect(`hr:${account?.user['externalId']}`).toBe(owner);
  });

  test('people who name each other as managers get their accounts, and the names follow (O-10)', async () => {
    const attributes = `  externalId: '= id'
  userName: '= e.mail'
  active: true
  urn:scim:schemas:extension:enterprise:1.0: { manager: { managerId: { accountOf: manager } } }
`;
    const world = await planningWorld({ dialect: 'generic' }, { attributes });
    world.people([
      { id: '1', manager: '2' },
      { id: '2', manager: '1' },
    ]);
    const { path } = await world.planFile();
    expect((await world.apply(path)).code).toBe(0);
    expect((await world.apply((await world.planFile()).path)).code).toBe(0);
    expect((await world.plan()).code).toBe(0);
  });

  test('after an apply there is nothing left to do, whatever was planned', async () => {
    const world = await planningWorld();
    const person = fc.record({
      id: fc.constantFrom('1', '2', '3', '4', '5'),
      sn: fc.constantFrom('Byron', 'Lovelace'),
      title: fc.constantFrom('', 'Clerk', 'Chief'),
    });
    const staff = fc.uniqueArray(person, { selector: ({ id }: Person) => id, minLength: 1 });
    await fc.assert(
      fc.asyncProperty(staff, async (people) => {
        world.people(people);
        const { path } = await world.planFile({ fresh: true });
        expect((await world.apply(path)).code).toBe(0);
        expect((await world.plan({ fresh: true })).code).toBe(0);
      }),
      { numRuns: 8 },
    );
  });
});
