/**
 * A person's manager by each example mapping that has one, against a server of that kind: what is sent when the person
 * is made, gets another manager, and has none any more. Okta's applications take PUT alone, so one of them stands for
 * whatever else does.
 */
import { expect, test } from 'vitest';
import type { Mapping } from '../../app/mapping/index.ts';
import { ENTERPRISE_URN, type JsonObject } from '../../app/scim/resource.ts';
import { ADA, exampleMapping } from '../support/example-mapping.ts';
import { managedMapping } from '../support/managed-mapping.ts';
import { type Rig, startRig } from '../support/rig.ts';

type Kind = {
  readonly profile: string;
  readonly mapping: Mapping;
  /** What stands beside the manager in the extension. */
  readonly beside: JsonObject;
  readonly changed: (id: string) => readonly [method: string, body: JsonObject];
  readonly cleared: readonly [method: string, body: JsonObject];
};

const UNIT = { employeeNumber: '17', department: 'R&D' };
const CORE = 'urn:scim:schemas:core:1.0';
const SCHEMAS = [CORE, ENTERPRISE_URN];

const byPatch = (profile: string, beside: JsonObject, path: string): Kind => ({
  profile,
  mapping: exampleMapping(profile).mapping,
  beside,
  changed: (managerId) => ['PATCH', { schemas: SCHEMAS, [ENTERPRISE_URN]: { manager: { managerId } } }],
  cleared: ['PATCH', { schemas: SCHEMAS, meta: { attributes: [path] } }],
});

const WHOLE: JsonObject = {
  externalId: 'a1',
  userName: ADA.mail,
  name: { familyName: ADA.sn },
  active: true,
};

const KINDS: readonly Kind[] = [
  byPatch('generic', UNIT, `${ENTERPRISE_URN}:manager.managerId`),
  byPatch('pingdirectory', { ...UNIT, organization: 'Example Ltd' }, `${ENTERPRISE_URN}:manager.managerId`),
  byPatch('slack', UNIT, `${ENTERPRISE_URN}.manager.managerId`),
  {
    profile: 'okta-style',
    mapping: managedMapping(),
    beside: {},
    changed: (managerId) => [
      'PUT',
      { schemas: SCHEMAS, ...WHOLE, [ENTERPRISE_URN]: { manager: { managerId } } },
    ],
    cleared: ['PUT', { schemas: [CORE], ...WHOLE }],
  },
];

test.each(KINDS)('the manager of an account at $profile', async (kind) => {
  const rig = await startRig({
    profile: kind.profile,
    mapping: { ...kind.mapping, target: 'agileplace' },
    timeoutMs: 10_000,
  });
  try {
    const boss = await bossAt(rig, 'b1');
    const other = await bossAt(rig, 'b2');
    const [method, made] = await written(rig, { ...ADA, manager: 'b1' });
    expect([method, made[ENTERPRISE_URN]]).toEqual([
      'POST',
      { ...kind.beside, manager: { managerId: boss } },
    ]);
    expect(await written(rig, { ...ADA, manager: 'b2' })).toEqual(kind.changed(other));
    expect(await written(rig, ADA)).toEqual(kind.cleared);
    await rig.sandbox.clearJournal();
    expect(await rig.attempt(await rig.due('a1', { fresh: true }))).toMatchObject({
      plan: { action: 'none' },
    });
    expect(rig.alerts).toEqual([]);
  } finally {
    await rig.stop();
  }
});

async function bossAt(rig: Rig, id: string): Promise<string> {
  const boss = await rig.person(id, { ...ADA, uid: id, mail: `${id}@example.test` });
  await rig.attempt(boss);
  return (await rig.stores.links.get('agileplace', boss))?.id ?? '';
}

async function written(rig: Rig, attributes: Record<string, string>): Promise<[string, JsonObject]> {
  await rig.sandbox.clearJournal();
  await rig.attempt(await rig.person('a1', attributes));
  const [write, ...more] = await rig.writes();
  expect([(write?.status ?? 0) < 300, more]).toEqual([true, []]);
  return [write?.method ?? '', write?.body as JsonObject];
}
