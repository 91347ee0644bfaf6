/** A directory of the table and what its administrator does there, by the names that people had at the beginning. */
import type { Modification } from '../../../sandbox/directory/administration.ts';
import { GUEST, STAFF } from './cast.ts';
import { type Branch, dnOf, type Facts, groupDnOf, type Server } from './server.ts';

export type World = {
  readonly server: Server;
  /** Stable ids by name, of whoever was ever there. */
  readonly ids: ReadonlyMap<string, string>;
  add(name: string, facts: Facts): Promise<void>;
  change(name: string, modification: Modification): Promise<void>;
  rename(name: string, newName: string): Promise<void>;
  move(name: string, branch: Branch): Promise<void>;
  /** Gives the branch within the scope another name, and so another DN to whoever stands there. */
  renameEngines(rdn: string): Promise<void>;
  remove(name: string): Promise<void>;
  /** @param spell writes the member's DN in another way. Default: as it is */
  join(group: string, name: string, spell?: (dn: string) => string): Promise<void>;
  leave(group: string, name: string): Promise<void>;
  dnOf(name: string): string;
};

export async function createWorld(server: Server): Promise<World> {
  const ids = new Map<string, string>();
  const dns = new Map<string, string>();
  const here = (name: string) => dns.get(name) ?? dnOf(server, name);
  const goTo = async (name: string, dn: string) => {
    await server.rename(here(name), dn);
    dns.set(name, dn);
  };
  for (const name of [...STAFF, GUEST]) ids.set(name, await server.idOf(dnOf(server, name)));
  return {
    server,
    ids,
    async add(name, facts) {
      await server.add(here(name), server.person(name, facts));
      ids.set(name, await server.idOf(here(name)));
    },
    change: (name, modification) => server.modify(here(name), modification),
    rename: (name, newName) => goTo(name, here(name).replace(/^(?:\\.|[^,\\])+/, server.rdnOf(newName))),
    move: (name, branch) => goTo(name, dnOf(server, name, branch)),
    remove: (name) => server.remove(here(name)),
    async renameEngines(rdn) {
      const { engines, staff } = server.bases;
      await server.rename(engines, `${rdn},${staff}`);
      for (const [name, dn] of dns) dns.set(name, dn.replace(engines, `${rdn},${staff}`));
    },
    join: (group, name, spell = (dn) => dn) =>
      server.modify(groupDnOf(server, group), { add: { member: spell(here(name)) } }),
    leave: (group, name) => server.modify(groupDnOf(server, group), { remove: { member: here(name) } }),
    dnOf: here,
  };
}
