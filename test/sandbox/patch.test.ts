/**
 * PATCH over HTTP, example by example from draft-scim-api-01 section 3.3.2. Each row: the user before, what is sent,
 * and the user after; only the named attributes are compared.
 */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type JsonObject, type Sandbox, startSandbox } from '../support/sandbox.ts';
import { ask, refusal } from './scim-request.ts';

const URN = 'urn:scim:schemas:extension:leankit:user:1.0';
const ENTERPRISE = 'urn:scim:schemas:extension:enterprise:1.0';
const [HOME, WORK] = [
  { value: 'ana@home.test', type: 'home' },
  { value: 'ana@corp.test', type: 'work', primary: true },
];
let sandbox: Sandbox;

beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.stop());
beforeEach(() => sandbox.reset());

type Row = readonly [rule: string, before: JsonObject, sent: JsonObject, after: Record<string, unknown>];

const rows: readonly Row[] = [
  [
    'a simple attribute replaces, others stay',
    { title: 'A', nickName: 'N' },
    { title: 'B' },
    { title: 'B', nickName: 'N' },
  ],
  ['names ignore case', { nickName: 'N' }, { NICKNAME: 'M' }, { nickName: 'M' }],
  [
    'sub-attributes that are sent replace, the others stay',
    { name: { givenName: 'Ana', familyName: 'Roe' } },
    { name: { familyName: 'Poe' } },
    { name: { givenName: 'Ana', familyName: 'Poe' } },
  ],
  ['a new value is added', { emails: [WORK] }, { emails: [HOME] }, { emails: [WORK, HOME] }],
  [
    'sending a list does not replace it',
    { emails: [WORK, HOME] },
    { emails: [HOME] },
    { emails: [WORK, HOME] },
  ],
  [
    'an element with the same value is merged',
    { emails: [HOME] },
    { emails: [{ value: 'ANA@home.test', display: 'Ana' }] },
    { emails: [{ value: 'ANA@home.test', type: 'home', display: 'Ana' }] },
  ],
  [
    'a bare value is an element',
    { emails: [HOME] },
    { emails: ['x@y.test'] },
    { emails: [HOME, { value: 'x@y.test' }] },
  ],
  [
    'operation delete removes by value',
    { emails: [WORK, HOME] },
    { emails: [{ value: 'ana@home.test', operation: 'delete' }] },
    { emails: [WORK] },
  ],
  [
    'deleting what is absent changes nothing',
    { emails: [WORK] },
    { emails: [{ value: 'x@y.test', operation: 'delete' }] },
    { emails: [WORK] },
  ],
  [
    'a value that stands there twice is deleted by all its sub-attributes',
    { emails: [HOME, { ...HOME, type: 'work' }] },
    { emails: [{ ...HOME, operation: 'delete' }] },
    { emails: [{ ...HOME, type: 'work' }] },
  ],
  [
    'a new primary unsets the old one',
    { emails: [WORK, HOME] },
    { emails: [{ value: 'ana@home.test', primary: true }] },
    {
      emails: [
        { ...WORK, primary: false },
        { ...HOME, primary: true },
      ],
    },
  ],
  [
    'an address is found by all its parts',
    {
      addresses: [
        { type: 'work', locality: 'Oslo' },
        { type: 'home', locality: 'Bergen' },
      ],
    },
    {
      addresses: [
        { type: 'work', locality: 'Oslo', operation: 'delete' },
        { type: 'work', locality: 'Rome' },
      ],
    },
    {
      addresses: [
        { type: 'home', locality: 'Bergen' },
        { type: 'work', locality: 'Rome' },
      ],
    },
  ],
  [
    'meta.attributes removes',
    { title: 'A', nickName: 'N', emails: [WORK] },
    { meta: { attributes: ['title', 'EMAILS', 'userType'] } },
    { title: undefined, emails: undefined, nickName: 'N' },
  ],
  [
    'meta.attributes removes a sub-attribute',
    { name: { givenName: 'Ana', familyName: 'Roe', middleName: 'M' } },
    { meta: { attributes: ['name.middleName'] } },
    { name: { givenName: 'Ana', familyName: 'Roe' } },
  ],
  [
    'meta.attributes removes an extension attribute, and the target sets its default again',
    {
      [URN]: { boardCreator: true, dateFormat: 'dd/mm/yyyy' },
      [ENTERPRISE]: { department: 'Maths', division: 'D' },
    },
    { meta: { attributes: [`${URN}:boardCreator`, `${ENTERPRISE}:department`] } },
    {
      [URN]: { licenseType: 'full', administrator: false, boardCreator: false, dateFormat: 'dd/mm/yyyy' },
      [ENTERPRISE]: { division: 'D' },
    },
  ],
  [
    'an attribute in both is replaced wholesale, and its deletions are ignored',
    { emails: [WORK, HOME] },
    { meta: { attributes: ['emails'] }, emails: [{ ...WORK, operation: 'delete' }, { value: 'new@x.test' }] },
    { emails: [{ value: 'new@x.test' }] },
  ],
  [
    'the example of the draft: removal, merge, delete and new primary in one request',
    {
      nickName: 'N',
      name: { givenName: 'Ana', familyName: 'Poe' },
      emails: [{ value: 'old@x.test', primary: true }],
    },
    {
      meta: { attributes: ['nickName', 'members'] },
      name: { familyName: 'Roe' },
      emails: [
        { value: 'old@x.test', operation: 'delete' },
        { value: 'new@x.test', primary: true },
      ],
    },
    {
      nickName: undefined,
      name: { givenName: 'Ana', familyName: 'Roe' },
      emails: [{ value: 'new@x.test', primary: true }],
    },
  ],
  [
    'extension attributes merge under their URN',
    { [URN]: { administrator: true } },
    { [URN]: { boardCreator: true } },
    { [URN]: { licenseType: 'full', administrator: true, boardCreator: true, dateFormat: 'mm/dd/yyyy' } },
  ],
  [
    'what is read-only is ignored',
    {},
    { id: '1', schemas: ['x'], [URN]: { lastAccess: '2026-01-01' } },
    {
      schemas: undefined,
      [URN]: { licenseType: 'full', administrator: false, boardCreator: false, dateFormat: 'mm/dd/yyyy' },
    },
  ],
  ['leaving active out leaves it as it is', { active: false }, { title: 'A' }, { active: false, title: 'A' }],
];

test.each(rows)('%s', async (_rule, before, sent, after) => {
  const { id } = await sandbox.seed({ userName: 'ana@corp.test', ...before });
  const { status, body } = await ask(sandbox, 'PATCH', `/Users/${id}`, sent);
  expect([status, body['id'], body['userName']]).toEqual([200, id, 'ana@corp.test']);
  const stored = (await sandbox.account('ana@corp.test'))?.user ?? {};
  for (const [name, value] of Object.entries(after)) expect(stored[name]).toEqual(value);
  expect((await ask(sandbox, 'GET', `/Users/${id}`)).body).toEqual(body);
});

test.each([
  ['O-16 · null', { title: null }, 'title is null; list it in meta.attributes to remove it.'],
  [
    'the SCIM 2.0 form',
    { Operations: [] },
    'Operations is SCIM 2.0; a SCIM 1.1 PATCH is a partial resource.',
  ],
  [
    'another operation',
    { emails: [{ value: 'x', operation: 'add' }] },
    'emails: the only operation is "delete".',
  ],
  [
    'two primaries',
    {
      emails: [
        { value: 'x', primary: true },
        { value: 'y', primary: true },
      ],
    },
    'emails: only one element may be primary.',
  ],
  [
    'removing the userName',
    { meta: { attributes: ['userName'] } },
    'userName: Invalid input: expected string, received undefined',
  ],
  [
    'meta.attributes as text',
    { meta: { attributes: 'title' } },
    'meta.attributes must be a list of attribute names.',
  ],
])('%s is refused with 400 and changes nothing', async (_what, sent, words) => {
  const { id, user } = await sandbox.seed({ userName: 'ana@corp.test', title: 'A' });
  const { status, body } = await ask(sandbox, 'PATCH', `/Users/${id}`, sent);
  expect([status, body]).toEqual([400, refusal(400, words)]);
  expect((await sandbox.account('ana@corp.test'))?.user).toEqual(user);
});

test('O-26 a · removing by a path into a prototype touches nothing', async () => {
  const { id, user } = await sandbox.seed({ userName: 'ana@corp.test' });
  const attributes = ['__proto__.polluted', 'constructor.prototype.polluted', 'toString.polluted'];
  const sent = { meta: { attributes }, constructor: { prototype: { polluted: 'x' } } };
  expect((await ask(sandbox, 'PATCH', `/Users/${id}`, sent)).status).toBe(200);
  expect((await sandbox.account('ana@corp.test'))?.user).toEqual(user);
});
