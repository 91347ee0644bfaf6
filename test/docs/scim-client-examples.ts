/** The examples of docs/scim-client.md, as they stand there, in functions that a test can call. */
import { RateLimited, Refused, TargetUnavailable } from '../../app/errors.ts';
import {
  allOf,
  anyOf,
  type BulkOperation,
  type Call,
  createScimTarget,
  differences,
  FilterError,
  type ListCall,
  matchesFilter,
  parseFilter,
  present,
  profileNamed,
  type ScimTarget,
  type ScimTargetOptions,
  type ScimUser,
  where,
} from '../../app/scim/index.ts';

export function connect(baseUrl: string, token: string): ScimTarget {
  const profile = profileNamed('pingdirectory');
  if (profile === null) throw new Error('there is no such profile');

  const everyRequest: ScimTargetOptions['budgets'] = {
    take: async () => ({ granted: true, ticket: '' }),
    settle: async () => {},
    view: async () => null,
  };
  const target = createScimTarget({
    name: 'people',
    profile,
    baseUrl, // https://scim.example.com/scim/v1
    auth: { kind: 'bearer', token: () => token },
    budgets: everyRequest,
    version: '1.0.0', // for the User-Agent
    now: () => new Date(),
    random: Math.random,
  });
  return target;
}

export function aCall(): { call: Call; listCall: ListCall } {
  const call: Call = {
    signal: AbortSignal.timeout(60_000),
    lane: 'manual',
    beforeRequest: async () => {},
  };
  const listCall: ListCall = {
    ...call,
    waitUntil: (until) =>
      new Promise((resolve) => setTimeout(resolve, Math.max(until.getTime() - Date.now(), 0))),
  };
  return { call, listCall };
}

export async function users(target: ScimTarget, call: Call): Promise<string[]> {
  const told: string[] = [];

  const desired: ScimUser = {
    userName: 'ada',
    name: { givenName: 'Ada', familyName: 'Lovelace' },
    emails: [{ value: 'ada@example.com', type: 'work', primary: true }],
    active: true,
  };
  const created = await target.create(desired, call);
  if (created.kind === 'conflict') throw new Error(`somebody has this name: ${created.words}`);

  const [account] = await target.find({ by: 'userName', value: 'ada' }, call);
  if (account === undefined) throw new Error('nobody has this name');
  told.push(account.user.userName);

  const wanted: ScimUser = { ...desired, title: 'Analyst' };
  const changes = differences(account.user, wanted, desired);
  if (changes.length > 0) {
    const updated = await target.update(account.id, changes, wanted, call, account.version);
    told.push(updated.kind); // written, missing, or changed: read it and compare again
  }

  const removed = await target.remove(account.id, call);
  told.push(removed.kind);
  return told;
}

export async function everybody(target: ScimTarget, listCall: ListCall): Promise<string[]> {
  const names: string[] = [];
  for await (const step of target.list(listCall)) {
    if (step.kind === 'page') names.push(...step.accounts.map(({ user }) => user.userName));
    else if (!step.complete) console.warn(`somebody may be missing: ${step.problem}`);
  }
  return names;
}

export async function searching(target: ScimTarget, listCall: ListCall): Promise<string[]> {
  const filter = parseFilter('name.familyName sw "L" and (title pr or active eq false)');
  const same = allOf(
    where('name.familyName', 'sw', 'L'),
    anyOf(present('title'), where('active', 'eq', false)),
  );
  if (!matchesFilter(same, { name: { familyName: 'Lovelace' }, active: false })) throw new Error('no match');

  const found: string[] = [];
  for await (const step of target.search(filter, listCall)) {
    if (step.kind === 'page') found.push(...step.accounts.map(({ user }) => user.userName));
  }
  return found;
}

export function mistaken(): string {
  try {
    parseFilter('userName is "ada"');
  } catch (error) {
    if (error instanceof FilterError) return error.message;
  }
  return '';
}

export async function groups(target: ScimTarget, call: Call, ada: string, ben: string): Promise<string[]> {
  const told: string[] = [];
  const { groups } = target;
  if (groups === null) throw new Error('this kind of target has no groups');

  const made = await groups.create({ displayName: 'Engines', members: [ada] }, call);
  if (made.kind === 'conflict') throw new Error(`the name is taken: ${made.words}`);

  const changed = await groups.changeMembers(made.group.id, { add: [ben], remove: [ada] }, call);
  told.push(changed.kind);
  if (changed.kind === 'partly') throw changed.why; // ask again for the whole change, later

  const [engines] = await groups.find({ by: 'displayName', value: 'engines' }, call);
  told.push(...(engines?.members ?? []).map(({ value }) => value));
  return told;
}

export async function inBulk(target: ScimTarget, listCall: ListCall): Promise<string[]> {
  const told: string[] = [];
  if (target.bulk === null) throw new Error('this kind of target takes no bulk requests');

  const schemas = ['urn:scim:schemas:core:1.0'];
  const operations: BulkOperation[] = [
    { method: 'POST', path: '/Users', bulkId: 'cleo', data: { schemas, userName: 'cleo' } },
    { method: 'POST', path: '/Users', bulkId: 'dan', data: { schemas, userName: 'dan' } },
    {
      method: 'POST',
      path: '/Groups',
      data: { schemas, displayName: 'Motors', members: [{ value: 'bulkId:cleo' }, { value: 'bulkId:dan' }] },
    },
  ];
  const { results, stopped } = await target.bulk.send(operations, listCall, { failOnErrors: 10 });
  for (const [at, result] of results.entries()) {
    if (result.kind === 'done') told.push(`${at}: ${result.status}`);
    else if (result.kind === 'failed') told.push(`${at}: ${result.status} ${result.words}`);
    else told.push(`${at}: ${result.kind}, ${result.why}`);
  }
  if (stopped !== null) throw stopped;
  return told;
}

export async function discovery(target: ScimTarget, call: Call): Promise<string[]> {
  const claims = await target.discovery.serviceProviderConfig(call);
  const schemas = await target.discovery.schemas(call);
  return [`PATCH: ${claims?.patch ?? 'not said'}`, `${schemas?.length ?? 0} schemas`];
}

export async function failing(target: ScimTarget, call: Call): Promise<string> {
  try {
    await target.find({ by: 'userName', value: 'ada' }, call);
  } catch (error) {
    if (error instanceof RateLimited) return `again from ${error.until.toISOString()}`;
    if (error instanceof Refused) return `not again: ${error.words}`;
    if (error instanceof TargetUnavailable)
      return error.outcomeUnknown ? 'look before it is repeated' : 'again later';
    throw error; // TargetUnusable: the credential or the address; nothing will work until they are mended
  }
  return 'found';
}
