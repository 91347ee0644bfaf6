/**
 * How a kind of directory names, deletes, groups and tells: everything that differs between directories and is no
 * protocol, as data and pure functions. One file each beside this one, a line in `index.ts`.
 */
import type { Filter } from 'ldapts';
import type { StableId } from '../../../person/anchor.ts';
import type { Server } from '../connection/server.ts';
import type { TrackingName, WatchName } from '../tracking/names.ts';
import type { DialectName } from './names.ts';

export type Dialect = {
  readonly name: DialectName;
  /** As its makers call it. */
  readonly title: string;
  /** Whether the root DSE is one of this kind. */
  recognises(server: Server): boolean;
  readonly id: {
    /** The attribute that never changes and is never given again. */
    readonly attribute: string;
    /** @param text the attribute's value as `decodeAttributes` gives it. @returns null where it is none */
    read(text: string): StableId | null;
    /** Finds the one entry. @returns null where the text cannot be an id of this kind: nothing can be asked for it */
    filter(id: StableId): Filter | null;
  };
  /** What is read of every entry besides the id and what mappings read. */
  readonly bookkeeping: readonly string[];
  /** Which entries are people, where the configuration does not say. */
  readonly peopleFilter: string;
  readonly groups: {
    readonly filter: string;
    readonly memberAttribute: string;
    readonly nameAttribute: string;
    /** Whether people name a group of theirs that does not name them (Active Directory's primary group). */
    readonly primary: boolean;
  };
  /** How changes are followed, the best first. Each falls back to the next. */
  readonly trackings: readonly TrackingName[];
  /** How changes are heard of at once, the best first. */
  readonly watches: readonly WatchName[];
  /** RFC 4533 as this kind of server does it; absent where none of them does. */
  readonly contentSync?: {
    /**
     * Whose id the UUID of a Sync State control is.
     * @param uuid as `uuidText` writes it
     */
    idOf(uuid: string): StableId | null;
    /**
     * What the end of an answer to a cookie is worth where it says that whoever was not named is gone (`refreshDeletes`
     * is FALSE). `believed`: by RFC 4533. `meaningless`: the server says so always; only what it names has changed.
     */
    readonly presentPhase: 'believed' | 'meaningless';
    /**
     * What an entry in an answer to a cookie is. `whole`: it has what was asked for. `named`: it has what the server
     * likes, so it only says whom to read.
     */
    readonly entries: 'whole' | 'named';
    /** So many ids in one message, and the server may have lost one of those that are gone. */
    readonly lossyFrom: number;
  };
  /** Whether a reference (an LDAP URL) leads to a part of the directory that never holds people. */
  isHarmlessReferral(url: string, server: Server): boolean;
};
