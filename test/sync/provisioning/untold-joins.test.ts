/** Scope rests on HR, and HR has told of nobody yet. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { loadMapping, type Mapping } from '../../../app/mapping/index.ts';
import { personKey } from '../../../app/person/anchor.ts';
import { provision } from '../../../app/sync/provisioning/provision.ts';
import { absorbAbsence, absorbEntry } from '../../../app/sync/reading/absorb.ts';
import { lifecycleMapping } from '../../support/lifecycle-mapping.ts';
import { entryOf, type Rig, startRig } from '../../support/rig.ts';

const never = new AbortController().signal;
const FILE = `version: 1
source: corp
target: agileplace
resource: User
match: [externalId, userName]
join: { hr: { on: mail, to: mail } }
scope: '= isIn("hr")'
attributes:
  externalId: '= id'
  userName: '= e.mail'
  name: { givenName: '= e.givenName', familyName: '= e.sn' }
  active: true
`;

let rig: Rig;
let joining: Mapping;
beforeAll(async () => {
  rig = await startRig({ mapping: lifecycleMapping() });
  const loaded = loadMapping('mappings/m.yaml', FILE);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  joining = loaded.mapping;
});
beforeEach(() => rig.clear());
afterAll(() => rig.stop());

/** By the mapping that joins, which came later. */
const attempt = async (id: string) =>
  await provision({ key: rig.key(id), lastAttempt: true }, { ...rig.deps, mappingFor: () => joining }, never);
const active = async () => (await rig.sandbox.accounts()).map(({ user }) => user.active);

test('nobody loses access by that; who is gone from the directory does', async () => {
  await rig.attempt(await rig.person('1'));
  await rig.attempt(await rig.person('2'));
  await rig.due('1');
  expect((await attempt('1')).kind).toBe('busy');
  expect(await rig.stores.due.get('agileplace', rig.key('1'))).not.toBeNull();
  await rig.gone('2');
  expect(await attempt('2')).toMatchObject({ kind: 'done', plan: { action: 'deactivate' } });
  expect(await active()).toEqual([true, false]);

  await absorbEntry('hr', entryOf('h1'), rig.reading);
  await absorbEntry('hr', entryOf('h9', { mail: '1@example.test' }), rig.reading);
  expect(await attempt('1')).toMatchObject({ kind: 'done', plan: { user: { active: true } } });
  await absorbAbsence(personKey('hr', entryOf('h9').stableId), 'deleted', rig.reading);
  await rig.due('1');
  expect(await attempt('1')).toMatchObject({ kind: 'done', plan: { action: 'deactivate' } });
});
