/** What a server says by RFC 4533, for the handlers of a peer. Ids are UUIDs in text. */
import { entry, intermediate, type Saying } from './answers.ts';
import { boolean, integer, octets, type PeerControl, sequence, tlv, type Value } from './encoding.ts';
import type { SearchReceived } from './requests.ts';

const OID = {
  request: '1.3.6.1.4.1.4203.1.9.1.1',
  state: '1.3.6.1.4.1.4203.1.9.1.2',
  done: '1.3.6.1.4.1.4203.1.9.1.3',
  info: '1.3.6.1.4.1.4203.1.9.1.4',
} as const;

const STATES = { present: 0, add: 1, modify: 2, delete: 3 } as const;

type Attributes = Readonly<Record<string, Value | readonly Value[]>>;

/** An entry with what became of it. Its `entryUUID` is the id of the control unless the attributes say otherwise. */
export function syncEntry(
  dn: string,
  id: string,
  attributes: Attributes,
  state: keyof typeof STATES = 'add',
): Saying {
  const value = sequence(integer(STATES[state], 0x0a), octets(bytesOfUuid(id)));
  return entry(dn, { entryUUID: id, ...attributes }, { oid: OID.state, value });
}

/** The control of the end. @param refreshDeletes left out where it is not given */
export function syncDone(cookie: string | null, refreshDeletes?: boolean): PeerControl {
  const parts = [
    ...(cookie === null ? [] : [octets(cookie)]),
    ...(refreshDeletes === undefined ? [] : [boolean(refreshDeletes)]),
  ];
  return { oid: OID.done, value: sequence(...parts) };
}

/** A set of ids: gone where `deleted`, else there and unchanged. */
export function syncIds(ids: readonly string[], deleted: boolean): Saying {
  const set = tlv(0x31, ...ids.map((id) => octets(bytesOfUuid(id))));
  return intermediate(OID.info, tlv(0xa3, boolean(deleted), set));
}

/** The end of the refresh: what comes now is news. */
export const syncRefreshed: Saying = intermediate(OID.info, tlv(0xa1));

export function syncNewCookie(cookie: string): Saying {
  return intermediate(OID.info, tlv(0x80, cookie));
}

/** What a search asked for: the cookie it sent, null for none. */
export function syncWish({ controls }: Pick<SearchReceived, 'controls'>): {
  readonly persist: boolean;
  readonly cookie: string | null;
} | null {
  const value = controls.find(({ oid }) => oid === OID.request)?.value ?? null;
  if (value === null) return null;
  // SEQUENCE { ENUMERATED mode, OCTET STRING cookie }, all of them short.
  const cookie = value[5] === 0x04 ? value.subarray(7, 7 + (value[6] ?? 0)).toString() : null;
  return { persist: value[4] === 3, cookie };
}

function bytesOfUuid(id: string): Buffer {
  return Buffer.from(id.replaceAll('-', ''), 'hex');
}
