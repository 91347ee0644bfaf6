import { describe, expect, test } from 'vitest';
import { loadMapping } from '../../app/mapping/index.ts';
import type { GroupRef } from '../../app/person/entry.ts';
import type { Identity } from '../../app/person/identity.ts';
import { entryOf } from '../support/rig.ts';

const FILE = 'mappings/test.yaml';

function load(lifecycle: string, match = '[externalId, userName]') {
  return loadMapping(
    FILE,
    `version: 1
source: corp
target: agileplace
resource: User
match: ${match}
${lifecycle}
attributes:
  externalId: '= id'
  userName: '= e.mail'
  active: true
`,
  );
}

function loaded(lifecycle: string) {
  const result = load(lifecycle);
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.mapping;
}

function problemsOf(lifecycle: string, match?: string): readonly string[] {
  const result = load(lifecycle, match);
  return result.ok ? [] : result.problems.map(({ line, field, message }) => `${line} ${field}: ${message}`);
}

describe('lifecycle of a mapping file', () => {
  test('switches off and on where nothing is said', () => {
    expect(loaded('').policy.lifecycle).toEqual({
      leaver: { kind: 'deactivate' },
      outOfScope: { kind: 'deactivate' },
      inactive: { kind: 'deactivate' },
      newInactive: 'wait',
      return: 'reactivate',
      protectedUserNames: new Set(),
    });
  });

  test('is followed word by word', () => {
    const { policy } = loaded(`lifecycle:
  leaver: delete-after 30d
  outOfScope: delete
  inactive: leave
  return: hold
  protect: { userNames: [" Root@Example.test "] }`);
    expect(policy.lifecycle).toEqual({
      leaver: { kind: 'delete-after', days: 30 },
      outOfScope: { kind: 'delete' },
      inactive: { kind: 'leave' },
      newInactive: 'wait',
      return: 'hold',
      protectedUserNames: new Set(['root@example.test']),
    });
  });

  test.each([
    'remove',
    'delete-after',
    'delete-after 0d',
    'delete-after 30',
    'Delete',
    'delete-after 99999d',
  ])('refuses %s, and says what may stand there', (text) => {
    expect(problemsOf(`lifecycle:\n  leaver: ${text}`)).toEqual([
      '7 lifecycle.leaver: must be deactivate, delete, leave, or delete-after with a number of days, as in delete-after 30d.',
    ]);
  });

  test('says what a mistyped key was meant to be', () => {
    const [problem = '', ...more] = problemsOf('lifecycle:\n  levaer: delete');
    expect(more).toEqual([]);
    expect(problem).toMatch(/^7 lifecycle.levaer: unknown key\..*leaver/);
  });

  test('refuses to make accounts that it would take away again', () => {
    expect(problemsOf('lifecycle:\n  inactive: delete-after 7d\n  newInactive: create')).toEqual([
      '8 lifecycle.newInactive: create fits only inactive: deactivate; otherwise an account would be made, taken away ' +
        'and made again. Change one of the two.',
    ]);
  });

  test('refuses to match by a mail that is not mapped', () => {
    expect(problemsOf('', '[externalId, mail]')).toEqual([
      '5 match: emails is not mapped under attributes. Map it, or take mail out of match.',
    ]);
  });
});

describe('somebody in a protected group', () => {
  const mapping = loaded(`lifecycle:
  protect: { groups: ["Break glass", "cn=owners,ou=groups,dc=example,dc=test"] }`);

  function person(groups: readonly GroupRef[]): Identity {
    const entry = entryOf('1');
    const at = '2026-03-01T12:00:00.000Z';
    return {
      key: 'corp:1' as Identity['key'],
      source: 'corp',
      stableId: entry.stableId,
      presence: { state: 'present' },
      entry,
      groups,
      version: 1,
      observedAt: at,
    };
  }

  const dn = 'cn=x,ou=groups,dc=example,dc=test';

  test.each([
    ['by name, without case', { dn, name: 'break GLASS' }, 'protected by the group Break glass'],
    [
      'by DN, however it is spelled',
      { dn: 'CN=Owners, OU=Groups,DC=example,DC=test', name: 'Owners' },
      'protected by the group cn=owners,ou=groups,dc=example,dc=test',
    ],
    [
      'through another group',
      { dn, name: 'Break glass', nested: true as const },
      'protected by the group Break glass',
    ],
  ])('%s is never mapped', (_how, group, reason) => {
    expect(mapping.map(person([group]), new Date())).toEqual({ kind: 'protected', reason });
  });

  test('is protected by no other group', () => {
    expect(mapping.map(person([{ dn, name: 'Staff' }]), new Date()).kind).toBe('in-scope');
  });
});
