/** What happens to the server, the line and the account; and what is too much at once. */
import { LEAVERS } from '../cast.ts';
import type { Column } from '../column.ts';
import type { Event } from '../event.ts';
import { each, off, set, sweep } from './words.ts';

export const TROUBLES: readonly Event[] = [
  {
    name: 'restart between polls',
    steps: [
      {
        does: async (world) => {
          await world.change('joan', { replace: { title: 'Pilot' } });
          await world.server.restart();
          await world.change('kate', { replace: { title: 'Pilot' } });
        },
        changes: { joan: { title: 'Pilot' }, kate: { title: 'Pilot' } },
        writes: ['PATCH joan', 'PATCH kate'],
      },
    ],
  },
  {
    name: 'restart in the middle of a page',
    steps: [
      { reads: sweep },
      { does: set('kate', { title: 'Captain' }), reads: cutInTheMiddle, goesOn: true },
      {
        does: (world) => world.server.restart(),
        changes: { kate: { title: 'Captain' } },
        writes: ['PATCH kate'],
        runs: ['failed', 'ok'],
      },
    ],
  },
  {
    name: 'delete while it cannot be reached, then a restart',
    steps: [
      {
        does: (world) => world.remove('crew59'),
        reads: (column) => column.readCut('poll', 0),
        runs: ['failed'],
      },
      {
        does: (world) => world.server.restart(),
        changes: off('crew59'),
        writes: ['PATCH crew59'],
        leavesNoStamp: true,
      },
    ],
  },
  {
    name: 'many are deleted: held',
    steps: [
      {
        does: async (world) => {
          for (const name of LEAVERS) await world.remove(name);
        },
        runs: ['held'],
        leavesNoStamp: true,
      },
    ],
  },
  {
    name: 'and released',
    steps: [
      {
        reads: (column) => column.release(),
        changes: each(LEAVERS, { active: false }),
        writes: LEAVERS.map((name) => `PATCH ${name}`),
        runs: ['released'],
      },
    ],
  },
  {
    name: 'the account may see nobody any more (O-05)',
    steps: [
      { does: ({ server }) => server.rights.take(), reads: sweep, runs: ['held'] },
      { does: ({ server }) => server.rights.give(), reads: sweep },
    ],
  },
  { name: 'everybody is read once more', steps: [{ reads: sweep }] },
];

/** Half of what a whole read takes has come by then. */
async function cutInTheMiddle(column: Column): Promise<void> {
  await column.readCut('sweep', Math.round(column.bytesOfASweep() / 2));
}
