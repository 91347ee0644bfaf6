/** What news will do, by what the mapping's lifecycle says: who is held with a run, and who goes first. */
import { expect, test } from 'vitest';
import type { Identity } from '../../app/person/identity.ts';
import type { Link } from '../../app/store/ports/index.ts';
import { foreseenEffect } from '../../app/sync/lanes.ts';
import type { Seen } from '../../app/sync/seen.ts';
import { lifecycleMapping } from '../support/lifecycle-mapping.ts';
import { entryOf } from '../support/rig.ts';

const AT = '2026-03-01T12:00:00.000Z';

function person(presence: Identity['presence'], attributes: Record<string, string> = {}): Seen {
  const entry = entryOf('1', attributes);
  const key = 'corp:1' as Identity['key'];
  const { stableId } = entry;
  return {
    key,
    source: 'corp',
    stableId,
    presence,
    entry,
    groups: [],
    version: 1,
    observedAt: AT,
    joined: new Map(),
  };
}

const here = person({ state: 'present' });
const off = person({ state: 'present' }, { status: 'off' });
const gone = person({ state: 'absent', why: 'deleted', since: '2026-01-02T00:00:00.000Z' });

function link(active: boolean): Link {
  const user = { userName: '1@example.test', externalId: '1', active };
  const ended = active ? {} : { endedAt: '2026-01-01T00:00:00.000Z' };
  const made = { madeBy: 'created', madeAt: AT, confirmedAt: AT, certain: true } as const;
  return { target: 'agileplace', key: here.key, id: 't-1', desired: user, echo: user, ...made, ...ended };
}

test.each<[string, string, Seen, Link | null, string]>([
  ['a leaver', '{}', gone, link(true), 'takes-access'],
  ['a leaver who is off already', '{}', gone, link(false), 'changes'],
  ['a leaver who is left alone', '{ leaver: leave }', gone, link(true), 'changes'],
  ['a deletion, of an account that is off, too', '{ leaver: delete }', gone, link(false), 'takes-access'],
  ['a deletion whose days are over', '{ leaver: delete-after 30d }', gone, link(false), 'takes-access'],
  ['days that are not over', '{ leaver: delete-after 90d }', gone, link(false), 'changes'],
  ['somebody protected', '{ protect: { userNames: [1@example.test] } }', gone, link(true), 'changes'],
  ['somebody inactive', '{}', off, link(true), 'takes-access'],
  ['somebody new', '{}', here, null, 'gives-access'],
  ['somebody new who is inactive', '{ newInactive: create }', off, null, 'changes'],
  ['somebody who is back', '{}', here, link(false), 'gives-access'],
  ['somebody who is back and held', '{ return: hold }', here, link(false), 'changes'],
])('%s', (_who, lifecycle, identity, known, effect) => {
  expect(foreseenEffect(identity, known, lifecycleMapping({ lifecycle }), new Date(AT))).toBe(effect);
});
