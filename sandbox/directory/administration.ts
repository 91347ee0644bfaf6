/** Changes the private directory as its administrator would, each change over a connection of its own. */
import type { ConnectionOptions } from 'node:tls';
import { Attribute, Change, Client } from 'ldapts';
import type { LdifAttributes } from './ldif.ts';

/** New values by attribute; an empty list takes the attribute away. */
export type Modification = {
  readonly replace?: LdifAttributes;
  readonly add?: LdifAttributes;
  readonly remove?: LdifAttributes;
};

export type Administration = {
  add(dn: string, attributes: LdifAttributes): Promise<void>;
  modify(dn: string, modification: Modification): Promise<void>;
  /** Gives an entry another name or place; its old name goes away. */
  rename(dn: string, newDn: string): Promise<void>;
  remove(dn: string): Promise<void>;
  /** Every attribute with values, operational ones too, under the names the server uses. */
  read(dn: string): Promise<Readonly<Record<string, readonly string[]>>>;
};

const TIMEOUT_MS = 10_000;

/** @param tlsOptions for an `ldaps` URL */
export function administer(
  url: string,
  admin: { readonly dn: string; readonly password: string },
  tlsOptions?: ConnectionOptions,
): Administration {
  const asAdmin = async <T>(work: (client: Client) => Promise<T>): Promise<T> => {
    const client = new Client({
      url,
      timeout: TIMEOUT_MS,
      connectTimeout: TIMEOUT_MS,
      ...(tlsOptions === undefined ? {} : { tlsOptions }),
    });
    try {
      await client.bind(admin.dn, admin.password);
      return await work(client);
    } finally {
      await client.unbind();
    }
  };
  return {
    add: (dn, attributes) => asAdmin((client) => client.add(dn, listsOf(attributes))),
    modify: (dn, modification) => asAdmin((client) => client.modify(dn, changesOf(modification))),
    rename: (dn, newDn) => asAdmin((client) => client.modifyDN(dn, newDn)),
    remove: (dn) => asAdmin((client) => client.del(dn)),
    read: (dn) => asAdmin((client) => readEntry(client, dn)),
  };
}

async function readEntry(client: Client, dn: string): Promise<Readonly<Record<string, readonly string[]>>> {
  const { searchEntries } = await client.search(dn, { scope: 'base', attributes: ['*', '+'] });
  const attributes = Object.entries(searchEntries[0] ?? {}).filter(([name]) => name !== 'dn');
  const texts = attributes.map(([name, raw]) => [name, [raw].flat().map(String)] as const);
  return Object.fromEntries(texts.filter(([, values]) => values.length > 0));
}

function changesOf({ replace = {}, add = {}, remove = {} }: Modification): Change[] {
  const changes = (operation: 'replace' | 'add' | 'delete', attributes: LdifAttributes) =>
    Object.entries(listsOf(attributes)).map(
      ([type, values]) => new Change({ operation, modification: new Attribute({ type, values }) }),
    );
  return [...changes('replace', replace), ...changes('add', add), ...changes('delete', remove)];
}

function listsOf(attributes: LdifAttributes): Record<string, string[]> {
  const lists = Object.entries(attributes).map(([name, values]) => [name, [values].flat()] as const);
  return Object.fromEntries(lists);
}
