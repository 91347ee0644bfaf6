/**
 * Ping Identity PingDirectory: the most complete SCIM 1.1 server (docs.pingidentity.com, summary of SCIM 1.1 protocol
 * support). PATCH does as the SDK that it is built on: elements of a list are merged by `type` and deleted by equality
 * (pingidentity/scim, Diff.java), so of two work addresses one is left. Versions are switched on, as it can be set up.
 * Chosen, since they are configuration there: the limits of bulk requests, and that the name of a group is there once.
 */
import type { Dialect } from './dialect.ts';
import { generic } from './generic.ts';

export const pingdirectory: Dialect = {
  ...generic,
  name: 'pingdirectory',
  users: { ...generic.users, patch: 'by-type' },
  groups: { ...generic.groups, uniqueNames: true },
  tokens: 'elsewhere',
  bulk: { maxOperations: 1000, maxPayloadSize: 1_000_000 },
};
