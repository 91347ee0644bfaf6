/**
 * What a server says of itself in its root DSE (RFC 4512 section 5.1), read on each connection.
 *
 * A server that does not show it at all is one of a kind that is not known. One that would show it and cannot at the
 * moment is not: another kind of directory has other ids, and everybody would be somebody else.
 */
import { PresenceFilter } from 'ldapts';
import { decodeAttributes, valuesOf } from '../values/attributes.ts';
import type { Connection } from './connection.ts';
import { resultError, unavailable } from './failures.ts';

export type Server = {
  /** Of the server, as it is configured. */
  readonly url: string;
  /** Values of an attribute of the root DSE, empty where it shows none. Ignores case. */
  values(attribute: string): readonly string[];
  /** Whether it announces this control, extension or feature. */
  supports(oid: string): boolean;
};

/** `+`: what a directory knows of itself is operational; some give it only by name. */
const ATTRIBUTES = ['*', '+'];

/** noSuchObject, insufficientAccessRights: how a root DSE is kept from an account. */
const HIDDEN = new Set([0, 32, 50]);

/** @throws SourceUnavailable where the connection broke, or the server cannot answer */
export async function readServer(connection: Connection): Promise<Server> {
  const search = {
    base: '',
    scope: 'base',
    filter: new PresenceFilter({ attribute: 'objectClass' }),
    attributes: ATTRIBUTES,
  } as const;
  let attributes: ReturnType<typeof decodeAttributes> = [];
  for await (const batch of connection.search(search)) {
    for (const item of batch) {
      if (item.kind === 'entry') attributes = decodeAttributes(item.entry);
      if (item.kind === 'done' && !HIDDEN.has(item.code))
        throw unavailable(resultError(item.code, item.diagnostic), connection.attempt('the root DSE'));
    }
  }
  const oids = new Set(
    ['supportedControl', 'supportedExtension', 'supportedFeatures', 'supportedCapabilities'].flatMap(
      (name) => [...valuesOf(attributes, name)],
    ),
  );
  return {
    url: connection.url,
    values: (attribute) => valuesOf(attributes, attribute),
    supports: (oid) => oids.has(oid),
  };
}
