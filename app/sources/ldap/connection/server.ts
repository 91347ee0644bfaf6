/** What a server says of itself in its root DSE (RFC 4512 section 5.1), read on each connection. */
import { PresenceFilter } from 'ldapts';
import { decodeAttributes, valuesOf } from '../values/attributes.ts';
import type { Connection } from './connection.ts';

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

/** @throws SourceUnavailable where the connection broke */
export async function readServer(connection: Connection): Promise<Server> {
  const search = {
    base: '',
    scope: 'base',
    filter: new PresenceFilter({ attribute: 'objectClass' }),
    attributes: ATTRIBUTES,
  } as const;
  let attributes: ReturnType<typeof decodeAttributes> = [];
  for await (const batch of connection.search(search)) {
    for (const item of batch) if (item.kind === 'entry') attributes = decodeAttributes(item.entry);
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
