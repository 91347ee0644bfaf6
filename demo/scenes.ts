/** The demo's scenes, in order. Each changes something in the real world and waits until it shows at the target. */
import { until } from '../sandbox/until.ts';
import type { Json } from './api.ts';
import { GROUPS, mailOf, PEOPLE } from './cast.ts';
import {
  type DriftJson,
  dnOf,
  driftInWords,
  followed,
  inWords,
  lastEntry,
  nameOf,
  type PlanJson,
  personNamed,
  shortened,
  writesSince,
} from './look.ts';
import type { Narrator } from './narrator.ts';
import type { Stage } from './stage.ts';

/** From the news of it to the end: long enough for the scenes between. */
const CONTRACT_MS = 9_000;
const EXTENSION = 'urn:scim:schemas:extension:leankit:user:1.0';

export async function play(stage: Stage, narrator: Narrator): Promise<void> {
  await plan(stage, narrator);
  await firstLoad(stage, narrator);
  await changedSurname(stage, narrator);
  await newBoardCreator(stage, narrator);
  await leaver(stage, narrator);
  const endsAt = await endingContract(stage, narrator);
  await handEdit(stage, narrator);
  await reprovision(stage, narrator);
  await rateLimit(stage, narrator);
  await contractEnds(endsAt, stage, narrator);
  await massDisappearance(stage, narrator);
}

async function plan({ landbridge, control }: Stage, { scene, say }: Narrator): Promise<void> {
  scene('An administrator looks at what would be written, before anything is: landbridge plan');
  const { code, lines } = await landbridge('plan');
  for (const line of shortened(lines)) say(line);
  say(
    `exit code ${code}: there is something to do. Nobody has an account yet: ${(await control.accounts()).length}`,
  );
}

async function firstLoad(stage: Stage, { scene, say }: Narrator): Promise<void> {
  const { control, startWorker } = stage;
  scene(`First load: a worker starts; ${PEOPLE.length} people and 3 groups are in the directory`);
  const since = await lastEntry(control);
  await startWorker();
  await until('everybody has an account', async () => (await control.accounts()).length === PEOPLE.length);
  const accounts = (await control.accounts()).map(({ user }) => user);
  const count = (name: string) => accounts.filter((user) => (user[EXTENSION] as Json)[name] === true).length;
  const journal = (await control.journal({ since })).filter(({ sequence }) => sequence > since);
  const requests = (method: string) => journal.filter((entry) => entry.method === method).length;
  say(
    `${accounts.length} accounts made: ${count('administrator')} administrators, ${count('boardCreator')} board creators`,
  );
  say(`requests: ${requests('GET')} look-ups before ${requests('POST')} creates`);
}

async function changedSurname({ directory, control }: Stage, { scene, say }: Narrator): Promise<void> {
  const person = personNamed('Chloé');
  scene(`${person.givenName} ${person.sn} marries and is called Moreau`);
  const since = await lastEntry(control);
  await directory.modify(dnOf(person, directory.peopleBase), { replace: { sn: 'Moreau' } });
  await until('the surname has arrived', async () => (await nameOf(control, person)).familyName === 'Moreau');
  for (const line of await writesSince(control, since)) say(line);
}

async function newBoardCreator({ directory, control }: Stage, { scene, say }: Narrator): Promise<void> {
  const person = personNamed('Priya');
  scene(`${person.givenName} ${person.sn} joins the group "${GROUPS.boardCreators}"`);
  const since = await lastEntry(control);
  const member = dnOf(person, directory.peopleBase);
  await directory.modify(`cn=${GROUPS.boardCreators},${directory.groupsBase}`, { add: { member } });
  await until('she may create boards', async () => {
    const account = await control.account(mailOf(person));
    return (account?.user[EXTENSION] as Json | undefined)?.boardCreator === true;
  });
  for (const line of await writesSince(control, since)) say(line);
  say('only she was written: the other members of the group are as they were');
}

async function leaver({ directory, control }: Stage, { scene, say }: Narrator): Promise<void> {
  const person = personNamed('Jonas');
  scene(`${person.givenName} ${person.sn} leaves, and is deleted from the directory`);
  const since = await lastEntry(control);
  await directory.remove(dnOf(person, directory.peopleBase));
  await until(
    'he is switched off',
    async () => (await control.account(mailOf(person)))?.user.active === false,
  );
  for (const line of await writesSince(control, since)) say(line);
  say('asked for by id first: the directory said that there is no such entry');
}

/** @returns when */
async function endingContract({ directory }: Stage, { scene, say }: Narrator): Promise<Date> {
  const person = personNamed('Vera');
  const endsAt = new Date(Date.now() + CONTRACT_MS);
  scene(
    `The directory says that ${person.givenName} ${person.sn}'s contract ends in ${CONTRACT_MS / 1000} seconds`,
  );
  await directory.modify(dnOf(person, directory.peopleBase), {
    replace: { description: endsAt.toISOString() },
  });
  say('the mapping says: active while !reached(e.description); until then the story goes on');
  return endsAt;
}

async function handEdit({ api, control }: Stage, { scene, say }: Narrator): Promise<void> {
  const person = personNamed('Tara');
  scene(`Somebody changes the account of ${person.givenName} ${person.sn} by hand, and tells nobody`);
  const account = await control.account(mailOf(person));
  if (account === undefined) throw new Error('Tara has no account');
  await control.change(account.id, { name: { familyName: 'By hand' } });
  const run = await api.post('/v1/targets/agileplace/reconcile', {});
  const { counts } = await followed(api, String(run.id));
  say(`everybody is compared with the target: ${Number((counts as Json).listed)} accounts listed`);
  const { items } = (await api.get('/v1/targets/agileplace/drift?why=hand-edit')) as { items: DriftJson[] };
  for (const line of items.flatMap(driftInWords)) say(`hand-edit: ${line}`);
  await until('it is put right', async () => (await nameOf(control, person)).familyName === person.sn);
  say('put right by itself; an attribute that the mapping keeps by drift: keep would have stayed');
}

async function contractEnds(endsAt: Date, { control }: Stage, { scene, say }: Narrator): Promise<void> {
  const person = personNamed('Vera');
  scene(
    `The contract of ${person.givenName} ${person.sn} is over at that moment; nothing changes at the directory`,
  );
  await until(
    'she is switched off',
    async () => (await control.account(mailOf(person)))?.user.active === false,
  );
  const account = await control.account(mailOf(person));
  const write = (await control.journal({ method: 'PATCH' })).findLast(({ path }) =>
    path.endsWith(`/${account?.id}`),
  );
  const seconds = (Date.parse(write?.receivedAt ?? '') - endsAt.getTime()) / 1000;
  say(
    `switched off by itself, ${seconds.toFixed(1)} s after it: Landbridge looks every 10 s whose time has come`,
  );
}

async function reprovision({ api, control }: Stage, { scene, say }: Narrator): Promise<void> {
  const person = personNamed('Ada');
  scene(
    `Somebody changes the account of ${person.givenName} ${person.sn} by hand; an operator reprovisions it`,
  );
  const account = await control.account(mailOf(person));
  if (account === undefined) throw new Error('Ada has no account');
  await control.change(account.id, { name: { familyName: 'Changed by hand' } });
  const who = { person: { userName: mailOf(person) } };
  const preview = await api.post('/v1/reprovision', { ...who, dryRun: true });
  for (const plan of preview.plans as { target: string; plan: PlanJson }[])
    say(`preview: ${inWords(plan.plan)}`);
  const run = await api.post('/v1/reprovision', { ...who, reason: 'demo' });
  const ended = await followed(api, String(run.id));
  say(`run ${String(run.id).slice(0, 8)}: ${String(ended.state)}`);
  say(`the account is called ${String((await nameOf(control, person)).familyName)} again`);
}

async function rateLimit({ directory, control }: Stage, { scene, say }: Narrator): Promise<void> {
  const [points, windowSeconds] = [6, 5];
  const people = PEOPLE.filter(({ givenName }) => !['Jonas', 'Ada'].includes(givenName)).slice(0, 12);
  scene(
    `The target allows only ${points} requests in ${windowSeconds} s, and ${people.length} people move to Singapore`,
  );
  const since = await lastEntry(control);
  await control.limits({ points, windowSeconds });
  const startedAt = Date.now();
  for (const person of people) {
    await directory.modify(dnOf(person, directory.peopleBase), { replace: { l: 'Singapore' } });
  }
  await until('everybody has the time zone of Singapore', async () => {
    const zones = await Promise.all(
      people.map(async (person) => (await control.account(mailOf(person)))?.user.timezone),
    );
    return zones.every((zone) => zone === 'Asia/Singapore');
  });
  const answers = (await control.journal({ since })).map(({ status }) => status);
  const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
  const refused = answers.filter((status) => status === 429).length;
  say(
    `done after ${seconds} s: ${answers.length - refused} requests went through, ${refused} were refused with 429`,
  );
  say('the budget was learnt from the answers and waited for; nobody was lost, nobody was written twice');
  await control.limits({ points: 1_000, windowSeconds: 60 });
}

async function massDisappearance(
  { directory, api, control }: Stage,
  { scene, say }: Narrator,
): Promise<void> {
  const people = PEOPLE.filter(({ givenName }) => givenName !== 'Jonas').slice(0, 18);
  scene(`Somebody moves ${people.length} people to the wrong branch of the directory`);
  const since = await lastEntry(control);
  const move = async (from: string, to: string) => {
    for (const person of people) await directory.rename(dnOf(person, from), dnOf(person, to));
  };
  await move(directory.peopleBase, directory.formerBase);
  const held = await until('the run is held', async () => {
    const { items } = (await api.get('/v1/runs?state=held')) as { items: Json[] };
    return items.find(({ counts }) => Number((counts as Json).missing ?? 0) === people.length) ?? null;
  });
  say(`run ${String(held.id).slice(0, 8)} is HELD: ${String(held.reason)}`);
  say(
    `an operator could let them go, for a reason, with POST /v1/runs/${String(held.id)}/release; here the move is undone instead`,
  );
  await move(directory.formerBase, directory.peopleBase);
  await until('the hold is over', async () => {
    const { items } = (await api.get('/v1/runs?state=held')) as { items: Json[] };
    return items.length === 0;
  });
  const switchedOff = (await control.journal({ since })).filter(
    ({ body }) => (body as Json | null)?.active === false,
  ).length;
  say(`everybody is back, and ${switchedOff} accounts were switched off meanwhile`);
}
