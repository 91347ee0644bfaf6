/**
 * The controls and messages of LDAP Content Synchronization (RFC 4533 section 2): writes the request, reads what comes
 * with entries, between them and at the end. Pure; what follows from it is for `tracking/`.
 */
import { BerWriter } from 'ldapts';
import { uuidText } from '../../../person/binary-ids.ts';
import {
  BadEncoding,
  booleanOf,
  bytesOf,
  type Element,
  elementsIn,
  elementWithin,
  integerOf,
} from './ber.ts';
import type { ResponseControl } from './messages.ts';
import type { RequestControl } from './search.ts';

export const SYNC_REQUEST = '1.3.6.1.4.1.4203.1.9.1.1';
export const SYNC_STATE = '1.3.6.1.4.1.4203.1.9.1.2';
export const SYNC_DONE = '1.3.6.1.4.1.4203.1.9.1.3';
export const SYNC_INFO = '1.3.6.1.4.1.4203.1.9.1.4';

/** The server cannot go on from the cookie: ask again without one. */
export const SYNC_REFRESH_REQUIRED = 4096;

/** How far a copy has come, in bytes that only the server understands. Never empty. */
export type Cookie = Buffer;

/** What comes with an entry. `uuid` is written as in `uuidText`. */
export type SyncState = {
  readonly state: 'present' | 'add' | 'modify' | 'delete';
  readonly uuid: string;
  readonly cookie: Cookie | null;
};

/** `refreshDeletes`: false where whoever was not named is not there any more. */
export type SyncDone = { readonly cookie: Cookie | null; readonly refreshDeletes: boolean };

export type SyncInfo =
  | { readonly kind: 'new-cookie'; readonly cookie: Cookie | null }
  /** A phase of the refresh is over; `done`: the whole of it, and what comes now is news. */
  | { readonly kind: 'refreshed'; readonly cookie: Cookie | null; readonly done: boolean }
  | {
      readonly kind: 'ids';
      readonly cookie: Cookie | null;
      /** True: they are gone. False: they are there, and as they were. */
      readonly deleted: boolean;
      readonly uuids: readonly string[];
    };

const TAG = { OCTET_STRING: 0x04, SEQUENCE: 0x30, SET: 0x31 } as const;

const MODE = { refreshOnly: 1, refreshAndPersist: 3 } as const;

/** Critical: a server that does not know it would answer with everybody, and no cookie. */
export function syncRequest(mode: keyof typeof MODE, cookie: Cookie | null): RequestControl {
  const value = new BerWriter();
  value.startSequence();
  value.writeEnumeration(MODE[mode]);
  if (cookie !== null) value.writeBuffer(cookie, TAG.OCTET_STRING);
  value.endSequence();
  return { oid: SYNC_REQUEST, critical: true, value: value.buffer };
}

const STATES = ['present', 'add', 'modify', 'delete'] as const;

/** @returns null where the entry has none. @throws BadEncoding */
export function syncStateIn(controls: readonly ResponseControl[]): SyncState | null {
  const value = controlValue(controls, SYNC_STATE);
  if (value === null) return null;
  const [number, uuid, cookie] = elementsIn(value, whole(value, TAG.SEQUENCE));
  const state = number === undefined ? undefined : STATES[integerOf(value, number)];
  if (state === undefined || uuid === undefined) throw new BadEncoding('a sync state that is none');
  return { state, uuid: uuidAt(value, uuid), cookie: cookieAt(value, cookie) };
}

/** @returns null where the result has none. @throws BadEncoding */
export function syncDoneIn(controls: readonly ResponseControl[]): SyncDone | null {
  const value = controlValue(controls, SYNC_DONE);
  if (value === null) return null;
  const parts = elementsIn(value, whole(value, TAG.SEQUENCE));
  // Some servers (389 Directory Server) write the BOOLEAN as an ENUMERATED.
  const flag = parts.find(({ tag }) => tag !== TAG.OCTET_STRING);
  return {
    cookie: cookieAt(value, octetsIn(parts)),
    refreshDeletes: flag !== undefined && booleanOf(value, flag),
  };
}

/** @param value of an intermediate response that is named SYNC_INFO. @throws BadEncoding */
export function readSyncInfo(value: Buffer): SyncInfo {
  const choice = elementWithin(value, 0, value.length);
  if (choice.tag === 0x80) return { kind: 'new-cookie', cookie: cookieAt(value, choice) };
  const parts = elementsIn(value, choice);
  const cookie = cookieAt(value, octetsIn(parts));
  const flag = parts.find(({ tag }) => tag !== TAG.OCTET_STRING && tag !== TAG.SET);
  const said = flag === undefined ? null : booleanOf(value, flag);
  switch (choice.tag) {
    case 0xa1: // refreshDelete
    case 0xa2: // refreshPresent
      return { kind: 'refreshed', cookie, done: said ?? true };
    case 0xa3: {
      const set = parts.find(({ tag }) => tag === TAG.SET);
      if (set === undefined) throw new BadEncoding('a set of ids without a set');
      const uuids = elementsIn(value, set).map((uuid) => uuidAt(value, uuid));
      return { kind: 'ids', cookie, deleted: said ?? false, uuids };
    }
    default:
      throw new BadEncoding('a sync info that is none');
  }
}

function controlValue(controls: readonly ResponseControl[], oid: string): Buffer | null {
  return controls.find((control) => control.oid === oid)?.value ?? null;
}

function whole(value: Buffer, tag: number): Element {
  const element = elementWithin(value, 0, value.length);
  if (element.tag !== tag) throw new BadEncoding('a control value that is none');
  return element;
}

function octetsIn(parts: readonly Element[]): Element | undefined {
  return parts.find(({ tag }) => tag === TAG.OCTET_STRING);
}

/** An empty cookie is none: a server that sends one knows of no state to go on from. Copied: the chunk is let go. */
function cookieAt(value: Buffer, element: Element | undefined): Cookie | null {
  return element === undefined || element.end === element.start ? null : Buffer.from(bytesOf(value, element));
}

function uuidAt(value: Buffer, element: Element): string {
  const uuid = uuidText(bytesOf(value, element));
  if (uuid === null) throw new BadEncoding('an id that is no UUID');
  return uuid;
}
