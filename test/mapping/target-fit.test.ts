/** Attributes of a mapping held against what each kind of target is known to take. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { SourceAttributes } from '../../app/mapping/index.ts';
import { CORE_ATTRIBUTES } from '../../app/mapping/user-schema.ts';
import { PROFILES } from '../../app/scim/profiles/index.ts';
import { EXAMPLES } from '../support/example-mapping.ts';
import { MAIN, main, told, warned } from './folder.ts';

function profiled(name: string, findsByMail = true) {
  const profile = PROFILES.find((known) => known.name === name);
  if (profile === undefined) throw new Error(`no profile ${name}`);
  return { target: () => ({ ...profile, profile: name, findsByMail }) };
}

const head = ['attributes:', "  userName: '= id'", '  active: true'];

test.each(['slack', 'uaa'])('%s makes no account without a mail address', (profile) => {
  expect(told(main(...head), {}, profiled(profile))).toEqual([
    `${MAIN}:6:1 attributes: emails is not mapped, and targets with profile ${profile} make no account without. Map it.`,
  ]);
});

test('what only Cloud Foundry UAA has is refused elsewhere, and taken there', () => {
  const text = main(...head, '  origin: ldap', "  emails: [{ value: '= e.mail' }]");
  expect(told(text, {}, profiled('generic'))).toEqual([
    `${MAIN}:9:3 attributes.origin: is an attribute of Cloud Foundry UAA alone, not of profile generic. Remove it.`,
  ]);
  expect(warned(text, {}, profiled('uaa'))).toEqual([]);
});

test('what nobody documents for the target is a warning', () => {
  const text = main(
    ...head,
    '  title: x',
    "  name: { formatted: '= e.cn' }",
    '  urn:scim:schemas:extension:enterprise:1.0: { department: x }',
  );
  const documented = 'Documented are userName, externalId, name, timezone, active.';
  expect(warned(text, {}, profiled('agileplace'))).toEqual([
    `${MAIN}:9:3 attributes.title: is not documented for profile agileplace, so the target may ignore or refuse it. ${documented}`,
    `${MAIN}:10:11 attributes.name.formatted: is set by targets with profile agileplace themselves. Remove it.`,
    `${MAIN}:11:3 attributes.urn:scim:schemas:extension:enterprise:1.0: is no extension that is documented for profile agileplace. Documented are urn:scim:schemas:extension:leankit:user:1.0.`,
  ]);
  expect(warned(text, {}, profiled('generic'))).toEqual([]);
});

test('an extension of the target’s own is taken, and one that is nearly a known one is a warning', () => {
  const text = main(
    ...head,
    '  urn:scim:schemas:extension:example:1.0: { x: y }',
    '  urn:scim:schemas:extension:enterprise:2.0: { x: y }',
  );
  expect(warned(text, {}, profiled('generic'))).toEqual([
    `${MAIN}:10:3 attributes.urn:scim:schemas:extension:enterprise:2.0: is no extension that is documented for profile generic. Did you mean "urn:scim:schemas:extension:enterprise:1.0"?`,
  ]);
});

test.each(PROFILES)('the example of $name says nothing that its target is not known to take', ({ name }) => {
  const text = readFileSync(new URL(`${name}.yaml`, EXAMPLES), 'utf8');
  const source = (): SourceAttributes => ({ kind: 'directory' });
  const shared = readFileSync(new URL('shared/staff.yaml', EXAMPLES), 'utf8');
  const folder = { 'mappings/shared/staff.yaml': shared };
  expect(warned(text, folder, { ...profiled(name), source })).toEqual([]);
});

test.each(PROFILES)('$name documents only what a mapping can set', ({ documented, required }) => {
  const known = [...CORE_ATTRIBUTES].flatMap(([name, { kind }]) => (kind === 'not-mapped' ? [] : [name]));
  expect([...(documented ?? []), ...required].filter((name) => !known.includes(name))).toEqual([]);
});

test('mail is no match where the target cannot be asked for it', () => {
  const text = main(...head, "  emails: [{ value: '= e.mail' }]").replace(
    /^match: .*$/m,
    'match: [userName, mail]',
  );
  expect(told(text, {}, profiled('generic', false))).toEqual([
    expect.stringContaining(
      ' match: targets with profile generic find nobody by mail. Take mail out of match.',
    ),
  ]);
  expect(told(text, {}, profiled('generic'))).toEqual([]);
});
