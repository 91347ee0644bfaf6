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
  /** Whether a reference (an LDAP URL) leads to a part of the directory that never holds people. */
  isHarmlessReferral(url: string, server: Server): boolean;
  /** Why a log-in was refused, from the server's own text; null where it says nothing that we know. */
  logInRefusal(diagnostic: string): string | null;
};
