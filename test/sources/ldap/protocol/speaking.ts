/** Channels of our own to a scripted peer, for tests of the protocol alone. */
import { once } from 'node:events';
import net from 'node:net';
import { equals } from '../../../../app/sources/ldap/filters/filter.ts';
import { type Channel, channelOver } from '../../../../app/sources/ldap/protocol/channel.ts';
import type { SearchItem } from '../../../../app/sources/ldap/protocol/messages.ts';
import { type Search, search } from '../../../../app/sources/ldap/protocol/search.ts';

export type Spoken = { readonly channel: Channel; readonly socket: net.Socket };

export async function speakTo(port: number): Promise<Spoken> {
  const socket = net.connect(port, '127.0.0.1');
  await once(socket, 'connect');
  return { channel: channelOver(socket), socket };
}

export const EVERYONE: Search = {
  base: 'dc=example,dc=test',
  scope: 'sub',
  filter: equals('objectClass', 'person'),
  attributes: ['uid'],
};

/** The whole answer, or what ended it. */
export async function answerOf(channel: Channel, wanted: Search = EVERYONE): Promise<readonly SearchItem[]> {
  const items: SearchItem[] = [];
  for await (const batch of search(channel, wanted)) items.push(...batch);
  return items;
}

/** The values of `uid`, in the order in which they came. */
export function uidsOf(items: readonly SearchItem[]): readonly string[] {
  return items.flatMap((item) =>
    item.kind === 'entry'
      ? item.entry.attributes.flatMap(({ description, values }) =>
          description === 'uid' ? values.map(String) : [],
        )
      : [],
  );
}
