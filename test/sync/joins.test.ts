/**
 * A directory and an HR system that say something of the same people, from a real slapd, HR's events and HR's file to
 * the requests that the target received.
 */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { loadMapping, type Mapping } from '../../app/mapping/index.ts';
import { personKey, type StableId, toStableId } from '../../app/person/anchor.ts';
import { toAttributes } from '../../app/person/entry.ts';
import { reviewHold } from '../../app/sync/held-removal.ts';
import { foresee, lookingCall } from '../../app/sync/planning/foresee.ts';
import { provision } from '../../app/sync/provisioning/provision.ts';
import { readSource } from '../../app/sync/reading/read-source.ts';
import { releaseRun } from '../../app/sync/reading/release.ts';
import { receiveEvent } from '../../app/sync/receive-event.ts';
import { reconcile } from '../../app/sync/reconciling/reconcile.ts';
import { announceAllLeftOvers } from '../../app/sync/upkeep.ts';
import { type Directory, startDirectory } from '../../sandbox/directory/slapd.ts';
import { sourceFor as fileSource, inbox } from '../sources/file/delivered.ts';
import { never, PEOPLE, person, sourceFor, uuid } from '../sources/ldap/invented.ts';
import { type Rig, startRig } from '../support/rig.ts';

const FILE = `version: 1
source: corp
join:
  hr: { on: employeeNumber, to: id }
target: agileplace
resource: User
match: [externalId]
precedence: [hr, corp]
attributes:
  userName: { from: mail, precedence: [corp] }
  externalId: '= id'
  title: '= e.title'
  displayName: { from: displayName, precedence: [corp, hr] }
  nickName: '= from("hr", "knownAs")'
  active: { value: '= !isIn("hr") || from("hr", "status") != "left"', optional: [status] }
`;

function mappingOf(text: string): Mapping {
  const loaded = loadMapping('mappings/m.yaml', text);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  return loaded.mapping;
}

const mapping = mappingOf(FILE);
const [ADA_ID, GRACE_ID] = [uuid(1), uuid(2)];

let rig: Rig;
let directory: Directory;
beforeAll(async () => {
  rig = await startRig({ profile: 'generic', mapping });
});
beforeEach(async () => {
  await rig.clear();
  directory = await startDirectory({
    ldif: [
      person('ada', { entryUUID: ADA_ID, employeeNumber: 'E-1', title: 'Analyst', displayName: 'Ada L' }),
      person('grace', { entryUUID: GRACE_ID, title: 'Admiral' }),
    ].join(''),
  });
  return () => directory.stop();
});
afterAll(() => rig.stop());

const reads = ['mail', 'title', 'displayName', 'employeeNumber'];
const readCorp = (kind: 'poll' | 'sweep') =>
  readSource(sourceFor(directory, { reads, overlapMs: 300_000 }), kind, rig.reading, never);

function idOf(text: string): StableId {
  const id = toStableId(text);
  if (id === null) throw new Error(`${text} is an id`);
  return id;
}

let told = 0;
/** HR tells of somebody; null: that they are gone. */
async function tell(
  id: string,
  values: Record<string, string> | null,
  reading: Rig['reading'] = rig.reading,
): Promise<void> {
  told += 1;
  const subject = idOf(id);
  const pairs = Object.entries(values ?? {}).map(([name, value]) => [name, [value]] as const);
  const change =
    values === null
      ? ({ kind: 'delete' } as const)
      : ({ kind: 'upsert', attributes: toAttributes(pairs) } as const);
  const order = { sequence: told, time: rig.now().toISOString(), event: `event-${told}` };
  const event = { id: order.event, source: 'hr', person: subject, order, change };
  await receiveEvent(event, 'hr', { ...reading, receipts: rig.stores.receipts });
}

/** Serves everybody who is due. @returns what was written */
async function work(by: Mapping = mapping): Promise<readonly unknown[]> {
  await rig.sandbox.clearJournal();
  const deps = { ...rig.deps, mappings: [by], mappingFor: () => by };
  while ((await rig.stores.due.count('agileplace')) > 0) {
    for await (const batch of rig.stores.due.scan('agileplace')) {
      for (const { key } of batch) await provision({ key, lastAttempt: true }, deps, never);
    }
  }
  const writes = (await rig.writes()).map(({ method, body }) => {
    const { schemas: _, externalId: _id, ...said } = body as Record<string, unknown>;
    return [method, said] as const;
  });
  return writes.toSorted(([, a], [, b]) => String(a.userName).localeCompare(String(b.userName)));
}

test('each attribute is of the source that counts for it, and whoever HR does not know is mapped as well', async () => {
  await tell('e-1', { title: 'Head of Analysis', displayName: 'Lovelace, Ada', knownAs: 'Countess' });
  await readCorp('sweep');
  expect(await work()).toEqual([
    [
      'POST',
      {
        userName: 'ada@example.test',
        title: 'Head of Analysis',
        displayName: 'Ada L',
        nickName: 'Countess',
        active: true,
      },
    ],
    ['POST', { userName: 'grace@example.test', title: 'Admiral', active: true }],
  ]);
});

test('what HR changes is one PATCH of that person alone, and saying it again is none', async () => {
  await tell('E-1', { title: 'Analyst' });
  await readCorp('sweep');
  await work();
  await tell('E-1', { title: 'Head' });
  expect(await rig.stores.due.count('agileplace')).toBe(1);
  expect(await work()).toEqual([['PATCH', { title: 'Head' }]]);
  await tell('E-1', { title: 'Head' });
  expect(await work()).toEqual([]);
});

test('an HR record that comes after the account completes it', async () => {
  await readCorp('sweep');
  await work();
  await tell('E-1', { title: 'Head', knownAs: 'Countess' });
  expect(await work()).toEqual([['PATCH', { title: 'Head', nickName: 'Countess' }]]);
});

test('a person who gets a number of HR afterwards is completed, and whoever loses it keeps nothing of HR', async () => {
  await tell('E-2', { title: 'Rear Admiral' });
  await readCorp('sweep');
  await work();
  const grace = `uid=grace,${PEOPLE}`;
  await directory.modify(grace, { add: { employeeNumber: 'e-2' } });
  await readCorp('poll');
  expect(await work()).toEqual([['PATCH', { title: 'Rear Admiral' }]]);
  await directory.modify(grace, { replace: { employeeNumber: [] } });
  await readCorp('poll');
  expect(await work()).toEqual([['PATCH', { title: 'Admiral' }]]);
});

test('whoever HR says has left loses access at once, and HR deleting the record lets the directory speak again', async () => {
  await tell('E-1', { title: 'Head', status: 'here' });
  await readCorp('sweep');
  await work();
  await tell('E-1', { title: 'Head', status: 'left' });
  const lanes = [];
  for await (const batch of rig.stores.due.scan('agileplace'))
    lanes.push(...batch.map(({ mark }) => mark.lane));
  expect(lanes).toEqual(['leaver']);
  expect(await work()).toEqual([['PATCH', { active: false }]]);
  await tell('E-1', null);
  expect(await work()).toEqual([['PATCH', { title: 'Analyst', active: true }]]);
});

test('two HR records that could be meant hold the person, until one is gone (O-11)', async () => {
  const byMail = mappingOf(FILE.replace('on: employeeNumber, to: id', 'on: mail, to: mail'));
  const reading = { ...rig.reading, mappings: [byMail] };
  await tell('1', { mail: 'ADA@example.test', title: 'Head' }, reading);
  await readCorp('sweep');
  await work(byMail);
  await tell('2', { mail: 'ada@example.test', title: 'Intern' }, reading);
  expect(await work(byMail)).toEqual([]);
  const dead = await rig.stores.deadLetters.get('agileplace', rig.key(ADA_ID));
  expect(dead?.words).toBe(
    'mappings/m.yaml:4:3 join.hr: several people of hr could be this one. Tell them apart there',
  );
  await tell('1', { mail: 'a.lovelace@example.test', title: 'Head' }, reading);
  expect(await work(byMail)).toEqual([['PATCH', { title: 'Intern' }]]);
  await tell('2', { mail: 'intern@example.test', title: 'Intern' }, reading);
  expect(await work(byMail)).toEqual([['PATCH', { title: 'Analyst' }]]);
  expect(await rig.stores.deadLetters.count('agileplace')).toBe(0);
});

test('HR may be a file, and whoever a delivery leaves out is not joined any more', async () => {
  const box = inbox();
  const rows = ['id,title,status', 'E-1,Head,here', 'E-2,Nobody,here'];
  const hr = fileSource(box.at('hr.csv'), { reads: ['title', 'status', 'knownas'] });
  await readCorp('sweep');
  await work();
  await box.deliver('hr.csv', `${rows.join('\n')}\n`);
  expect(await readSource(hr, 'sweep', rig.reading, never)).toMatchObject({ state: 'ok' });
  expect(await work()).toEqual([['PATCH', { title: 'Head' }]]);
  await box.deliver('hr.csv', `${[rows[0], rows[2]].join('\n')}\n`);
  await box.date('hr.csv', '2030-01-01T00:00:00Z');
  expect(await readSource(hr, 'sweep', rig.reading, never)).toMatchObject({ state: 'ok' });
  expect(await work()).toEqual([['PATCH', { title: 'Analyst' }]]);
});

test('a preview and a comparison of everybody see what a worker sees', async () => {
  await tell('E-1', { title: 'Head' });
  await readCorp('sweep');
  await work();
  const ada = await rig.stores.identities.get(rig.key(ADA_ID));
  const link = await rig.stores.links.get('agileplace', rig.key(ADA_ID));
  if (ada === null) throw new Error('ada is known');
  const foreseen = await foresee(ada, link, mapping, lookingCall(never, 'manual'), rig.deps);
  expect(foreseen.plan.action).toBe('none');
  const run = await reconcile(rig.target, 'run-r', { ...rig.reading, sleep: async () => {} }, never);
  expect(run).toMatchObject({ state: 'ok', counts: { listed: 2, asWanted: 2 } });
});

test('a worker that dies between what HR told and telling it on loses nobody', async () => {
  await tell('E-1', { title: 'Analyst' });
  await readCorp('sweep');
  await work();
  const dying = { ...rig.stores.identities, announced: () => Promise.reject(new Error('died')) };
  const joiners = { ...rig.stores.joiners, of: () => Promise.reject(new Error('died')) };
  await expect(
    tell('E-1', { title: 'Head' }, { ...rig.reading, identities: dying, joiners }),
  ).rejects.toThrow('died');
  expect(await rig.stores.due.count('agileplace')).toBe(0);
  await announceAllLeftOvers(['hr'], rig.reading);
  expect(await work()).toEqual([['PATCH', { title: 'Head' }]]);
});

test('emptied stores are filled again from both sources without a write', async () => {
  await tell('E-1', { title: 'Head' });
  await readCorp('sweep');
  await work();
  await rig.redis.flushall();
  await tell('E-1', { title: 'Head' });
  await readCorp('sweep');
  expect(await work()).toEqual([]);
  await tell('E-1', { title: 'Chief' });
  expect(await work()).toEqual([['PATCH', { title: 'Chief' }]]);
});

test('HR saying of too many at once that they have left is held with its run, and can be released', async () => {
  const box = inbox();
  const people = Array.from({ length: 7 }, (_, index) => `p${index}`);
  for (const [index, uid] of people.entries()) {
    const dn = `uid=${uid},${PEOPLE}`;
    await directory.add(dn, {
      objectClass: ['inetOrgPerson'],
      cn: uid,
      sn: uid,
      mail: `${uid}@example.test`,
      employeeNumber: `E-${index}`,
    });
  }
  const file = (status: string) =>
    ['id,status', ...people.map((_, index) => `E-${index},${status}`)].map((row) => `${row}\n`).join('');
  const hr = fileSource(box.at('hr.csv'), { reads: ['title', 'status', 'knownas'] });
  await readCorp('sweep');
  await box.deliver('hr.csv', file('here'));
  await readSource(hr, 'sweep', rig.reading, never);
  expect(await work()).toHaveLength(9);
  await box.deliver('hr.csv', file('left'));
  await box.date('hr.csv', '2030-01-01T00:00:00Z');
  const run = await readSource(hr, 'sweep', rig.reading, never);
  expect(run).toMatchObject({ state: 'held', releasable: true, counts: { held: 8 } });
  expect(await work()).toEqual([]);
  const decision = { actor: 'ops', reason: 'a plant is closed' };
  expect(await releaseRun(run?.id ?? '', decision, rig.reading)).toMatchObject({ kind: 'released' });
  expect(await work()).toHaveLength(8);
});

test('an HR file that lacks too many is held, and once released nothing of those who are missing counts', async () => {
  const box = inbox();
  const rows = Array.from({ length: 12 }, (_, index) => `E-${index},Title ${index}`);
  const file = (some: readonly string[]) => ['id,title', ...some].map((row) => `${row}\n`).join('');
  const hr = fileSource(box.at('hr.csv'), { reads: ['title', 'status', 'knownas'] });
  await box.deliver('hr.csv', file(rows));
  await readSource(hr, 'sweep', rig.reading, never);
  await readCorp('sweep');
  await work();
  await box.deliver('hr.csv', file(rows.slice(6)));
  await box.date('hr.csv', '2030-01-01T00:00:00Z');
  const run = await readSource(hr, 'sweep', rig.reading, never);
  expect(run).toMatchObject({ state: 'held', releasable: true, counts: { missing: 6, held: 6 } });
  expect(await work()).toEqual([]);
  const key = personKey('hr', idOf('E-1'));
  const removal = { key, target: 'agileplace', since: rig.now().toISOString(), absence: 'missing' } as const;
  expect(await reviewHold({ removal, run: 'run', rejection: null }, false, rig.reading)).toMatchObject({
    action: 'none',
    why: 'missing at this source: nothing that it says of them would count any more',
  });
  await releaseRun(run?.id ?? '', { actor: 'ops', reason: 'a plant is closed' }, rig.reading);
  expect(await work()).toEqual([['PATCH', { title: 'Analyst' }]]);
});
