/** An operator gives an account to somebody, and allows a return; what they see of names that people have had. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Bundle, know, startBundle, TOKENS } from './bundle.ts';

let bundle: Bundle;
beforeAll(async () => {
  bundle = await startBundle();
});
beforeEach(async () => {
  await bundle.redis.flushall();
  bundle.directory.clear();
  bundle.target.accounts.clear();
  bundle.target.writes = 0;
});
afterAll(() => bundle.stop());

const MAIL = 'ada@example.test';
const body = (account: string) => ({ target: 'agileplace', account, reason: 'ticket 17' });

/** Ada has left, and is back under another key with the name that she had. */
async function rehired(): Promise<string> {
  await told('1', 1, MAIL);
  await bundle.work();
  await told('1', 2, null);
  await bundle.work();
  await told('2', 1, MAIL);
  await bundle.work();
  const { body: gone } = await bundle.get('/v1/people/hr:1');
  return gone.targets[0].link.id;
}

async function told(subject: string, sequence: number, mail: string | null): Promise<void> {
  const time = `2026-03-01T10:00:0${sequence}Z`;
  const common = { id: `${subject}-${sequence}`, source: 'hr', subject, time, sequence };
  const event =
    mail === null
      ? { ...common, type: 'person.deleted' }
      : { ...common, type: 'person.updated', data: { attributes: { mail, department: 'Maths' } } };
  expect((await bundle.post('/v1/events', event, TOKENS.sender)).status).toBe(202);
}

test('a rehire stands on the dead-letter list with what to do, and is settled by one request', async () => {
  const account = await rehired();
  const { body: letters } = await bundle.get('/v1/dead-letters');
  expect(letters.items[0].words).toContain(`POST /v1/people/hr:2/relink`);
  const answer = await bundle.post('/v1/people/hr:2/relink', body(account));
  expect(answer.status).toBe(202);
  expect(answer.body).toMatchObject({
    kind: 'reprovision',
    person: 'hr:2',
    actor: 'operator',
    note: 'ticket 17',
  });
  await bundle.work();
  const { body: person } = await bundle.get('/v1/people/hr:2');
  expect(person.targets[0]).toMatchObject({
    link: { id: account, madeBy: 'operator', certain: true },
    deadLetter: null,
    again: null,
  });
  expect(bundle.target.accounts.size).toBe(1);
});

test('a relink is refused in words: no such target, an account of somebody present, too little said', async () => {
  const account = await rehired();
  const nowhere = { ...body(account), target: 'nowhere' };
  expect((await bundle.post('/v1/people/hr:2/relink', nowhere)).status).toBe(422);
  expect((await bundle.post('/v1/people/hr:2/relink', { target: 'agileplace', account })).status).toBe(400);
  expect((await bundle.post('/v1/people/hr:9/relink', body(account))).status).toBe(404);
  await told('1', 3, MAIL);
  const refused = await bundle.post('/v1/people/hr:2/relink', body(account));
  expect(refused.status).toBe(409);
  expect(refused.body.detail).toBe(`account ${account} is hr:1's, who is still there.`);
  expect((await bundle.post('/v1/people/hr:2/relink', body(account), TOKENS.sender)).status).toBe(403);
});

test('a person is found by a name that they have had, and shows it with when it was told', async () => {
  await know(bundle, 'b1', { mail: 'b1@example.test' });
  await told('1', 1, 'ada.byron@example.test');
  await told('1', 2, 'ada.king@example.test');
  const { status, body: person } = await bundle.get('/v1/people/ada.byron@example.test');
  expect(status).toBe(200);
  const at = '2026-03-01T12:00:00.000Z';
  expect(person.anchors).toEqual([
    { kind: 'mail', value: 'ada.king@example.test', firstSeen: at, lastSeen: at },
    { kind: 'mail', value: 'ada.byron@example.test', firstSeen: at, lastSeen: at },
  ]);
});
