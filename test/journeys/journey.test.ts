/** The main job, end to end: a change in slapd becomes the right SCIM 1.1 request at the target. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JsonObject } from '../../sandbox/scim-target/json.ts';
import { until } from '../../sandbox/until.ts';
import { type InstallationUnderTest, startInstallation } from '../support/installation.ts';
import { dnOf, groupDn, groupLdif, mailOf, personLdif, uids } from '../support/people.ts';
import type { Process } from '../support/processes.ts';

const EXTENSION = 'urn:scim:schemas:extension:leankit:user:1.0';
const PEOPLE = uids(12);

let installation: InstallationUnderTest;
let worker: Process;

beforeAll(async () => {
  const groups = [
    groupLdif('AgilePlace board creators', ['p000']),
    groupLdif('AgilePlace administrators', ['p001']),
  ];
  installation = await startInstallation({
    directory: { ldif: [...PEOPLE.map((uid) => personLdif(uid)), ...groups].join('') },
  });
  await installation.startWeb();
  worker = await installation.startWorker();
});
afterAll(async () => {
  await installation.stop();
});

async function account(uid: string): Promise<JsonObject> {
  return (await installation.sandbox.account(mailOf(uid)))?.user ?? {};
}
async function writes() {
  const journal = await installation.sandbox.journal();
  return journal.filter(({ method, path }) => method !== 'GET' && path.includes('/Users'));
}
/** Nothing is under way any more. */
async function quiet(): Promise<void> {
  await until('nobody is due', async () => {
    const { body } = await installation.api('GET', '/v1/targets');
    return (body.items as { due: number }[]).every(({ due }) => due === 0);
  });
}

describe('a directory and a target', () => {
  test('everybody gets an account, with what their groups give them', async () => {
    await until(
      'all are there',
      async () => (await installation.sandbox.accounts()).length === PEOPLE.length,
    );
    const { directory } = installation;
    const entryUuid = (await directory.read(dnOf('p000'))).entryUUID?.[0];
    expect(await account('p000')).toMatchObject({
      userName: mailOf('p000'),
      externalId: entryUuid,
      name: { givenName: 'Ada', familyName: 'Byron' },
      timezone: 'Europe/Paris',
      active: true,
      [EXTENSION]: { administrator: false, boardCreator: true, dateFormat: 'dd/mm/yyyy' },
    });
    expect((await account('p001'))[EXTENSION]).toMatchObject({ administrator: true });
    await quiet();
    expect(await writes()).toHaveLength(PEOPLE.length);
  });

  test('a changed surname is one PATCH (O-04)', async () => {
    await installation.sandbox.clearJournal();
    await installation.directory.modify(dnOf('p002'), { replace: { sn: 'Lovelace' } });
    await until(
      'it has arrived',
      async () =>
        (await account('p002')).name !== undefined &&
        ((await account('p002')).name as JsonObject).familyName === 'Lovelace',
    );
    await quiet();
    expect((await writes()).map(({ method, body }) => [method, body])).toEqual([
      [
        'PATCH',
        { schemas: ['urn:scim:schemas:core:1.0'], name: { familyName: 'Lovelace', givenName: 'Ada' } },
      ],
    ]);
  });

  test('a renamed entry keeps its account, and its groups as far as the directory knows them (O-04)', async () => {
    await installation.sandbox.clearJournal();
    await installation.directory.rename(dnOf('p003'), 'uid=renamed,ou=people,dc=example,dc=test');
    await installation.directory.modify('uid=renamed,ou=people,dc=example,dc=test', {
      replace: { mail: 'renamed@example.test' },
    });
    await until(
      'it has arrived',
      async () => (await installation.sandbox.account('renamed@example.test')) !== undefined,
    );
    await quiet();
    expect((await writes()).map(({ method }) => method)).toEqual(['PATCH']);
    expect(await installation.sandbox.accounts()).toHaveLength(PEOPLE.length);
  });

  test('a new group member is one PATCH, though their own entry did not change', async () => {
    await installation.sandbox.clearJournal();
    await installation.directory.modify(groupDn('AgilePlace board creators'), {
      add: { member: dnOf('p004') },
    });
    await until(
      'it has arrived',
      async () => ((await account('p004'))[EXTENSION] as JsonObject).boardCreator === true,
    );
    await quiet();
    expect((await writes()).map(({ method, body }) => [method, body])).toEqual([
      [
        'PATCH',
        {
          schemas: ['urn:scim:schemas:core:1.0', EXTENSION],
          [EXTENSION]: { boardCreator: true },
        },
      ],
    ]);
  });

  test('somebody deleted is switched off, somebody moved out too, and comes back to the same account (O-06)', async () => {
    await installation.sandbox.clearJournal();
    const before = (await installation.sandbox.account(mailOf('p006')))?.id;
    await installation.directory.remove(dnOf('p005'));
    await installation.directory.rename(dnOf('p006'), dnOf('p006', installation.directory.formerBase));
    await until(
      'both are off',
      async () => (await account('p005')).active === false && (await account('p006')).active === false,
    );
    const served = await installation.api('GET', `/v1/people/${mailOf('p006')}`);
    expect(served.body).toMatchObject({ presence: { state: 'absent', why: 'out-of-scope' } });
    await installation.directory.rename(dnOf('p006', installation.directory.formerBase), dnOf('p006'));
    await until('the second is on', async () => (await account('p006')).active === true);
    await quiet();
    expect((await installation.sandbox.account(mailOf('p006')))?.id).toBe(before);
    expect((await writes()).map(({ method, body }) => [method, (body as JsonObject).active])).toEqual([
      ['PATCH', false],
      ['PATCH', false],
      ['PATCH', true],
    ]);
  });

  test('a change made by hand at the target is shown by a dry run and repaired by a reprovision (O-28)', async () => {
    const changed = await installation.sandbox.account(mailOf('p007'));
    await installation.sandbox.change(changed?.id ?? '', { name: { familyName: 'By hand' } });
    await installation.sandbox.clearJournal();
    const person = { userName: mailOf('p007') };
    const preview = await installation.api('POST', '/v1/reprovision', { person, dryRun: true });
    expect(preview).toMatchObject({
      status: 200,
      body: { plans: [{ target: 'agileplace', plan: { action: 'update' } }] },
    });
    expect(await writes()).toEqual([]);
    const run = await installation.api('POST', '/v1/reprovision', { person, reason: 'changed by hand' });
    expect(run.status).toBe(202);
    const ended = await until('the run has ended', async () => {
      const now = await installation.api('GET', `/v1/runs/${run.body.id}`);
      return now.body.state === 'running' ? null : now;
    });
    expect(ended.body).toMatchObject({ state: 'ok', kind: 'reprovision' });
    expect((await account('p007')).name).toMatchObject({ familyName: 'Byron' });
    expect(await writes()).toHaveLength(1);
  });

  test('a comparison of everybody finds and repairs what was changed by hand, at a request a page', async () => {
    const changed = await installation.sandbox.account(mailOf('p008'));
    await installation.sandbox.change(changed?.id ?? '', { active: false });
    await installation.sandbox.clearJournal();
    const asked = await installation.api('POST', '/v1/targets/agileplace/reconcile');
    expect(asked.status).toBe(202);
    const ended = await until('the run has ended', async () => {
      const now = await installation.api('GET', `/v1/runs/${asked.body.id}`);
      return now.body.state === 'running' ? null : now;
    });
    const listed = PEOPLE.length;
    expect(ended.body).toMatchObject({
      state: 'ok',
      counts: { listed, different: 1, missing: 0, foreign: 0 },
    });
    await until('it is repaired', async () => (await account('p008')).active === true);
    await quiet();
    expect(await writes()).toHaveLength(1);
    const lists = (await installation.sandbox.journal()).filter(({ path }) => path.includes('count=200'));
    expect(lists).toHaveLength(1);
  });

  test('a rate limit in between is waited for: nobody is lost, nobody is written twice', async () => {
    await installation.sandbox.clearJournal();
    await installation.sandbox.limits({ points: 3, windowSeconds: 2 });
    const people = ['p007', 'p008', 'p009', 'p010', 'p011'];
    for (const uid of people) await installation.directory.modify(dnOf(uid), { replace: { l: 'Singapore' } });
    await until('all have arrived', async () => {
      const zones = await Promise.all(people.map(async (uid) => (await account(uid)).timezone));
      return zones.every((zone) => zone === 'Asia/Singapore');
    });
    await quiet();
    const answers = (await writes()).map(({ status }) => status);
    expect(answers.filter((status) => status === 200)).toHaveLength(people.length);
    expect(answers.filter((status) => status !== 200 && status !== 429)).toEqual([]);
    await installation.sandbox.limits({ points: 1_000_000, windowSeconds: 60 });
  });

  test('a target that is away is waited for', async () => {
    await installation.sandbox.fault({ kind: 'unavailable', count: 2, method: 'PATCH' });
    await installation.directory.modify(dnOf('p008'), { replace: { sn: 'Patient' } });
    await until(
      'it has arrived',
      async () => ((await account('p008')).name as JsonObject).familyName === 'Patient',
    );
  });

  test('a worker that is told to stop hands its work back and ends with 0; another goes on', async () => {
    expect(await worker.end('SIGTERM')).toBe(0);
    await installation.directory.modify(dnOf('p009'), { replace: { sn: 'Later' } });
    worker = await installation.startWorker();
    await until(
      'it has arrived',
      async () => ((await account('p009')).name as JsonObject).familyName === 'Later',
    );
  });

  test('most people gone from the branch at once: held, nobody is switched off; back again: over (O-05)', async () => {
    const { directory } = installation;
    await installation.sandbox.clearJournal();
    const people = ['p000', 'p001', 'p002', 'p004', 'p007', 'p008', 'p009', 'p010'];
    // Nobody reads meanwhile: a sweep in the middle would find a few gone, who may go by themselves.
    await worker.end('SIGTERM');
    for (const uid of people) await directory.rename(dnOf(uid), dnOf(uid, directory.formerBase));
    worker = await installation.startWorker();
    const held = await until('it is held', async () => {
      const { body } = await installation.api('GET', '/v1/runs?state=held');
      return (
        (body.items as { counts: { missing?: number } }[]).find(
          ({ counts }) => counts.missing === people.length,
        ) ?? null
      );
    });
    expect(held).toMatchObject({ state: 'held', releasable: true });
    for (const uid of people) await directory.rename(dnOf(uid, directory.formerBase), dnOf(uid));
    await until('it is over', async () => {
      const { body } = await installation.api('GET', '/v1/runs?state=held');
      return (body.items as unknown[]).length === 0;
    });
    await quiet();
    expect((await writes()).filter(({ body }) => (body as JsonObject).active === false)).toEqual([]);
  });
});
