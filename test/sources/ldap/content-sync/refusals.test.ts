/** Where RFC 4533 cannot be used, the next way is taken, and the read says why. */
import { describe, expect, test } from 'vitest';
import { type DirectoryOptions, startDirectory } from '../../../../sandbox/directory/slapd.ts';
import { follow } from '../follower.ts';
import { group, PEOPLE, person, sourceFor } from '../invented.ts';

const dnOf = (uid: string) => `uid=${uid},${PEOPLE}`;
const LDIF = person('ada') + person('bea') + group('all', [dnOf('ada')]);

const UNKNOWN =
  'the server does not announce RFC 4533 (1.3.6.1.4.1.4203.1.9.1.1); OpenLDAP does by its syncprov overlay, 389 Directory Server by its Content Synchronization plug-in';
const OFF =
  'the server does not offer it for this base; in OpenLDAP, the database lacks the syncprov overlay';

describe.each([
  ['a server that does not know it', { syncprov: 'unknown' }, UNKNOWN],
  ['a database without the overlay', { syncprov: 'off' }, OFF],
] as const)('%s', (_, options: DirectoryOptions, why) => {
  test('is followed by its stamps, and the end of the read says why', async () => {
    const directory = await startDirectory({ ...options, ldif: LDIF });
    try {
      const follower = follow(sourceFor(directory));
      expect((await follower.poll()).end).toMatchObject({
        tracking: 'time-stamps',
        names: 'everyone',
        complete: true,
        notices: [`not read by content-sync: ${why}`],
      });
      expect(follower.people()).toHaveLength(2);
      // A poll goes on in the way that works; the next sweep tries the better one again.
      const { end } = await follower.poll();
      expect(end).toMatchObject({ tracking: 'time-stamps', names: 'changes', notices: [] });
      expect((await follower.sweep()).end.notices).toEqual([`not read by content-sync: ${why}`]);
    } finally {
      await directory.stop();
    }
  });

  test('is an error where no other way is allowed, and for whoever wants to listen', async () => {
    const directory = await startDirectory({ ...options, ldif: LDIF });
    try {
      const source = sourceFor(directory, { tracking: 'content-sync' });
      await expect(follow(source).poll()).rejects.toThrow(`source corp: not read by content-sync: ${why}`);
      const watch = source.watch?.(null, new AbortController().signal)[Symbol.asyncIterator]();
      await expect(watch?.next()).rejects.toThrow('source corp cannot be listened to: content-sync: ');
    } finally {
      await directory.stop();
    }
  });
});

test('a watermark of the stamps goes over to content sync with the next sweep', async () => {
  const directory = await startDirectory({ ldif: LDIF });
  try {
    const stamps = follow(sourceFor(directory, { tracking: 'time-stamps' }));
    await stamps.poll();
    const best = follow(sourceFor(directory));
    best.watermark = stamps.watermark;
    expect((await best.poll()).end).toMatchObject({ tracking: 'time-stamps', names: 'changes' });
    expect((await best.sweep()).end).toMatchObject({ tracking: 'content-sync', names: 'everyone' });
    expect((await best.poll()).end).toMatchObject({ tracking: 'content-sync', names: 'changes' });
  } finally {
    await directory.stop();
  }
});

test('an account that gets less without pages than with them is read page by page', async () => {
  const many = Array.from({ length: 150 }, (_, index) => person(`u${index}`)).join('');
  const directory = await startDirectory({ ldif: many + group('all', [dnOf('u1')]) });
  try {
    const { dn, password } = directory.limited;
    const follower = follow(sourceFor(directory, { bindDn: dn, password: () => password }));
    const { end } = await follower.poll();
    expect(end).toMatchObject({ tracking: 'time-stamps', names: 'everyone', complete: true });
    expect(end.notices).toEqual([
      `not read by content-sync: the server stopped at its size limit below ${PEOPLE}; lift the limits of ${dn}`,
    ]);
    expect(follower.people()).toHaveLength(150);
  } finally {
    await directory.stop();
  }
});

test('people whose entryUUID may not be read are rejected although the server tells it beside them', async () => {
  const directory = await startDirectory({
    access: ['access to attrs=entryUUID by * none'],
    ldif: LDIF,
  });
  try {
    const { told, end } = await follow(sourceFor(directory)).poll();
    expect(told.slice(0, 2)).toEqual(['rejected', 'rejected']);
    expect(end).toMatchObject({ complete: false, tracking: 'content-sync' });
    expect(end.problems).toEqual([
      `3 entries show no usable entryUUID; let ${directory.reader.dn} read that attribute`,
    ]);
  } finally {
    await directory.stop();
  }
});

test('a base that does not exist is an error, for people and for groups', async () => {
  const directory = await startDirectory({ ldif: LDIF });
  try {
    const base = 'ou=nowhere,dc=example,dc=test';
    const words = `${base} does not exist`;
    await expect(follow(sourceFor(directory, { people: { base } })).poll()).rejects.toThrow(words);
    await expect(follow(sourceFor(directory, { groups: { base } })).poll()).rejects.toThrow(words);
  } finally {
    await directory.stop();
  }
});
