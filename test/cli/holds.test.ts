import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { type AskHolds, decideHolds, listHolds } from '../../app/cli/holds.ts';
import { type PersonKey, personKey, type StableId, stableIdOfKey } from '../../app/person/anchor.ts';
import { toAttributes } from '../../app/person/entry.ts';
import { createLogger } from '../../app/signals/log.ts';
import { connect, createStore } from '../../app/store/connection.ts';
import { createStores, type Stores } from '../../app/store/stores.ts';
import { ENV, RIGHT } from '../config/example.ts';
import { startRedis } from '../support/redis.ts';
import { temporaryFolder } from './temporary-folder.ts';

const AT = '2026-03-01T12:00:00.000Z';
const ada = personKey('corp', 'a1' as StableId);
const bob = personKey('corp', 'b2' as StableId);

let stores: Stores;
let ask: (json?: boolean) => AskHolds;
let written: string[];

/** Two people of `corp` with an account, whose removal the run `r1` holds. */
beforeEach(async () => {
  const server = await startRedis();
  const redis = connect(server.url);
  onTestFinished(async () => {
    redis.disconnect();
    await server.stop();
  });
  const names = { targets: ['agileplace'], sources: ['corp'] };
  const timing = { firstMs: 1_000, longestMs: 1_000 };
  stores = createStores(createStore(redis, 'landbridge'), names, timing, () => new Date(AT));
  const folder = temporaryFolder();
  const file = join(folder, 'landbridge.yaml');
  writeFileSync(file, RIGHT);
  mkdirSync(join(folder, 'mappings'));
  writeFileSync(join(folder, 'mappings', 'agileplace.yaml'), readFileSync('mappings/agileplace.yaml'));
  written = [];
  ask = (json = false) => ({
    file,
    env: { ...ENV, REDIS_URL: server.url },
    log: createLogger({ level: 'error', name: 'test' }),
    json,
    write: (line) => void written.push(line),
  });
  const run = { id: 'r1', kind: 'sweep', state: 'held', startedAt: AT, source: 'corp' } as const;
  await stores.runs.put({ ...run, counts: { missing: 2 }, releasable: true });
  for (const key of [ada, bob]) await heldBy('r1', key);
});

async function heldBy(run: string, key: PersonKey): Promise<void> {
  const stableId = stableIdOfKey(key);
  const attributes = toAttributes([['displayname', [`Ada \u001b[31m${stableId}`]]]);
  const entry = { stableId, revision: '', attributes };
  const known = { key, source: 'corp', stableId, entry, version: 1, observedAt: AT } as const;
  await stores.identities.put({ ...known, presence: { state: 'present' } }, 0);
  const lease = await stores.leases.acquire(`write:agileplace:${key}`, 60_000);
  if (lease === null) throw new Error('nobody else holds it');
  const user = { userName: `${key}@example.test`, active: true };
  const link = { target: 'agileplace', key, id: `t-${key}`, madeBy: 'created', madeAt: AT } as const;
  await stores.links.put({ ...link, desired: user, echo: user, certain: true, confirmedAt: AT }, lease);
  await stores.holds.put(run, [{ key, target: 'agileplace', absence: 'missing' }]);
}

const word = (people: readonly string[] = []) => ({ run: 'r1', people, reason: 'ticket 1', actor: 'ada' });

describe('landbridge holds', () => {
  test('lists what waits, and says so by its exit code', async () => {
    expect(await listHolds({}, ask())).toBe(2);
    expect(written).toEqual([
      'run  target      person   name         would       why      since                     state',
      '---  ----------  -------  -----------  ----------  -------  ------------------------  --------------------------------------',
      `r1   agileplace  corp:a1  Ada  [31ma1  deactivate  missing  ${AT}  waiting until 2026-03-08T12:00:00.000Z`,
      `r1   agileplace  corp:b2  Ada  [31mb2  deactivate  missing  ${AT}  waiting until 2026-03-08T12:00:00.000Z`,
      '',
      '2 to be decided, 0 rejected',
    ]);
    written.length = 0;
    expect(await listHolds({ target: 'other' }, ask())).toBe(0);
    expect(written).toEqual(['nothing is held']);
    await expect(listHolds({ run: 'r9' }, ask())).rejects.toThrow('There is no run r9.');
  });

  test('approves some and rejects the rest, with who and why in the provisioning log', async () => {
    await decideHolds('approve', word(['corp:a1']), ask());
    await decideHolds('reject', word(), ask(true));
    expect(written).toEqual([
      'run r1 is held; 1 of it wait',
      JSON.stringify({ run: 'r1', state: 'rejected', waiting: 0 }, null, 2),
    ]);
    expect((await stores.identities.get(ada))?.presence.state).toBe('absent');
    expect(await stores.due.get('agileplace', ada)).toMatchObject({ lane: 'leaver' });
    expect(await stores.provisioningLog.ofPerson(bob, 5)).toMatchObject([
      { action: 'reject', actor: 'ada', reason: 'ticket 1', run: 'r1' },
    ]);
    written.length = 0;
    expect(await listHolds({ run: 'r1' }, ask(true))).toBe(0);
    expect(JSON.parse(written.join('\n'))).toMatchObject({
      waiting: 0,
      items: [{ person: 'corp:b2', state: 'rejected', decided: { by: 'ada', reason: 'ticket 1' } }],
    });
  });

  test('decides nothing where it cannot, and says why', async () => {
    await expect(decideHolds('approve', word(['a1']), ask())).rejects.toThrow(
      '--person must be source:stableId',
    );
    await expect(decideHolds('approve', word(['corp:z9']), ask())).rejects.toThrow(
      'Nothing was decided: this run holds no removal of corp:z9.',
    );
    await expect(decideHolds('reject', { ...word(), run: 'r9' }, ask())).rejects.toThrow(
      'There is no run r9.',
    );
    expect(await stores.holds.size('r1')).toBe(2);
  });
});
