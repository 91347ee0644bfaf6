/**
 * Whatever happens in the directory, and whenever it is looked at: in the end polls have told the same as a read of
 * everybody tells.
 */
import fc from 'fast-check';
import { afterAll, beforeAll, test } from 'vitest';
import { type Directory, startDirectory } from '../../../../sandbox/directory/slapd.ts';
import { follow } from '../follower.ts';
import { FORMER, GROUPS, group, PEOPLE, personAttributes, sourceFor } from '../invented.ts';

const UIDS = ['ada', 'bea', 'cleo'] as const;
const PLACES = [PEOPLE, `ou=engines,${PEOPLE}`, FORMER] as const;

type Step =
  | { readonly do: 'add' | 'remove' | 'join'; readonly uid: string }
  | { readonly do: 'change'; readonly uid: string; readonly sn: string }
  | { readonly do: 'move'; readonly uid: string; readonly to: string }
  | { readonly do: 'poll' }
  | { readonly do: 'restart' };

const uid = fc.constantFrom(...UIDS);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('add', 'remove', 'join'), uid }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('change'), uid, sn: fc.constantFrom('a', 'b', 'c') }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('move'), uid, to: fc.constantFrom(...PLACES) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('poll') }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('restart') }) },
);

let directory: Directory;
/** Where each person stands now; whoever is nowhere is not in it. */
const places = new Map<string, string>();

beforeAll(async () => {
  // So short a log that some deletions fall out of it.
  directory = await startDirectory({
    syncprov: ['syncprov-sessionlog 3'],
    ldif: group('all', [`cn=none,${PEOPLE}`]),
  });
  await directory.add(`ou=engines,${PEOPLE}`, { objectClass: 'organizationalUnit', ou: 'engines' });
});
afterAll(() => directory.stop());

async function carryOut(what: Exclude<Step, { do: 'poll' }>): Promise<void> {
  if (what.do === 'restart') return await directory.restart();
  const place = places.get(what.uid);
  const dn = `uid=${what.uid},${place}`;
  if (what.do === 'add') {
    if (place !== undefined) return;
    places.set(what.uid, PEOPLE);
    return await directory.add(`uid=${what.uid},${PEOPLE}`, personAttributes(what.uid));
  }
  if (place === undefined) return;
  switch (what.do) {
    case 'remove':
      places.delete(what.uid);
      return await directory.remove(dn);
    case 'change':
      return await directory.modify(dn, { replace: { sn: what.sn } });
    case 'join':
      return await directory.modify(`cn=all,${GROUPS}`, { replace: { member: dn } });
    case 'move':
      if (place === what.to) return;
      places.set(what.uid, what.to);
      return await directory.rename(dn, `uid=${what.uid},${what.to}`);
  }
}

test('polls at any time end with what a sweep tells', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
      const source = sourceFor(directory, { tracking: 'content-sync' });
      const follower = follow(source);
      await follower.poll();
      for (const each of steps) {
        if (each.do === 'poll') await follower.poll();
        else await carryOut(each);
      }
      await follower.poll();
      const fresh = follow(source);
      await fresh.sweep();
      const told = [...follower.people(), ...follower.groups()].join('\n');
      const right = [...fresh.people(), ...fresh.groups()].join('\n');
      if (told !== right) throw new Error(`polls told\n${told}\nand a sweep\n${right}`);
    }),
    { numRuns: 20 },
  );
}, 120_000);
