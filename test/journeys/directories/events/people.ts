/** What happens to a person's own entry. */
import { CREW_MEMBERS, factsOf, LARGE_MEMBERS, STAFF } from '../cast.ts';
import type { Event } from '../event.ts';
import type { World } from '../world.ts';
import { each, off, set, sweep } from './words.ts';

export const FIRST_READ: Event = {
  name: 'first read',
  steps: [
    {
      reads: sweep,
      changes: {
        ...each(STAFF, {}),
        ...each(CREW_MEMBERS, { boardCreator: true }),
        ...each(LARGE_MEMBERS, { administrator: true }),
      },
      writes: STAFF.map((name) => `POST ${name}`),
    },
  ],
};

export const CHANGES: readonly Event[] = [
  {
    name: 'add',
    steps: [
      { does: (world) => world.add('nell', factsOf('nell')), changes: { nell: {} }, writes: ['POST nell'] },
    ],
  },
  {
    name: 'change',
    steps: [
      {
        does: set('ada', { title: 'Analyst' }),
        changes: { ada: { title: 'Analyst' } },
        writes: ['PATCH ada'],
      },
    ],
  },
  {
    name: 'two changes in one second, and one more',
    steps: [
      {
        does: (world) => changeTwiceInASecond(world, 'bea'),
        changes: { bea: { title: 'Clerk', sn: 'King' } },
        writes: ['PATCH bea'],
      },
      {
        does: set('bea', { title: 'Judge' }),
        changes: { bea: { title: 'Judge' } },
        writes: ['PATCH bea'],
      },
    ],
  },
];

export const PLACES: readonly Event[] = [
  {
    name: 'move within scope, and the branch renamed (O-04)',
    steps: [
      { does: (world) => world.move('dora', 'engines') },
      { does: (world) => world.renameEngines('ou=machines') },
      { reads: sweep },
      {
        does: set('dora', { title: 'Engineer' }),
        changes: { dora: { title: 'Engineer' } },
        writes: ['PATCH dora'],
      },
    ],
  },
  {
    name: 'move out of scope (O-06)',
    steps: [
      {
        does: (world) => world.move('emmy', 'former'),
        changes: off('emmy'),
        writes: ['PATCH emmy'],
        leavesNoStamp: true,
      },
    ],
  },
  {
    name: 'and back (O-06)',
    steps: [
      {
        does: (world) => world.move('emmy', 'staff'),
        changes: { emmy: { active: true } },
        writes: ['PATCH emmy'],
      },
    ],
  },
  {
    name: 'delete',
    steps: [
      {
        does: (world) => world.remove('fay'),
        changes: off('fay'),
        writes: ['PATCH fay'],
        leavesNoStamp: true,
      },
    ],
  },
  {
    name: 'disable',
    steps: [
      {
        does: (world) => world.change('gerda', world.server.disable),
        changes: off('gerda'),
        writes: ['PATCH gerda'],
      },
    ],
  },
];

const MOST_TRIES = 20;

/** Until both fall into one second of the server's. */
async function changeTwiceInASecond({ server, change, dnOf }: World, name: string): Promise<void> {
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    await change(name, { replace: { title: `Clerk ${tries}` } });
    const stamp = await server.stampOf(dnOf(name));
    await change(name, { replace: { title: 'Clerk', sn: 'King' } });
    if ((await server.stampOf(dnOf(name))) === stamp) return;
  }
  throw new Error(`${server.title} is too slow for two changes in one second`);
}
