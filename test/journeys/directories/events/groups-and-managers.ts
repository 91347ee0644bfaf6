/** What happens to those who name other people. */
import { factsOf, GUEST } from '../cast.ts';
import type { Event } from '../event.ts';
import type { World } from '../world.ts';
import { nameManager } from './words.ts';

export const GROUPS_AND_MANAGERS: readonly Event[] = [
  {
    name: 'rename of a manager, by marriage (O-04)',
    steps: [
      {
        does: (world) => nameManager(world, 'joan', 'cleo'),
        changes: { joan: { manager: 'cleo' } },
        writes: ['PATCH joan'],
      },
      {
        does: async (world) => {
          await world.rename('cleo', 'Lovelace\\, Cleo');
          await world.change('cleo', { replace: { sn: 'Lovelace', mail: 'cl@example.test' } });
          await nameManager(world, 'joan', 'cleo');
        },
        changes: { cleo: { sn: 'Lovelace', mail: 'cl@example.test' } },
        writes: ['PATCH cleo'],
      },
    ],
  },
  {
    name: 'join a group two groups down',
    steps: [
      {
        does: async (world) => {
          await world.join('engine crew', 'hedy');
          await world.join('engine crew', GUEST);
        },
        changes: { hedy: { boardCreator: true }, [GUEST]: { boardCreator: true } },
        writes: ['PATCH hedy', `POST ${GUEST}`],
      },
    ],
  },
  {
    name: 'join by another spelling of a DN (O-02)',
    steps: [
      {
        does: (world) => world.join('large', 'cleo', spelledOtherwise),
        changes: { cleo: { administrator: true } },
        writes: ['PATCH cleo'],
      },
    ],
  },
  {
    name: 'manager set before there is one',
    steps: [
      { does: (world) => nameManagerToBe(world, 'ida', 'mina') },
      {
        does: (world) => bringManager(world, 'mina'),
        changes: { mina: {}, ida: { manager: 'mina' } },
        writes: ['POST mina', 'PATCH ida'],
      },
    ],
  },
  {
    name: 'one of 2,000 leaves a group',
    steps: [
      {
        does: (world) => world.leave('large', 'lise'),
        changes: { lise: { administrator: false } },
        writes: ['PATCH lise'],
      },
    ],
  },
];

/** Where a manager has to be an entry, it is that of somebody who is not to have an account yet. */
async function nameManagerToBe(world: World, name: string, manager: string): Promise<void> {
  const { mail: _, ...withoutMail } = factsOf(manager);
  if (!world.server.takesAnyManager) await world.add(manager, withoutMail);
  await nameManager(world, name, manager);
}

async function bringManager(world: World, manager: string): Promise<void> {
  const { mail = '' } = factsOf(manager);
  if (world.server.takesAnyManager) await world.add(manager, factsOf(manager));
  else await world.change(manager, { replace: { mail } });
}

/** The same DN to every server (RFC 4514): case, blanks, and how a comma within a value is escaped. */
function spelledOtherwise(dn: string): string {
  return dn
    .replaceAll(/(?<!\\),/g, ', ')
    .replaceAll('\\,', '\\2C')
    .toUpperCase();
}
