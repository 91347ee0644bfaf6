/** OpenLDAP: as any server of the RFCs, and Content Sync by the syncprov overlay (slapo-syncprov(5)). */
import { BY_ENTRY_UUID } from './by-uuid.ts';
import type { Dialect } from './dialect.ts';
import { GENERIC } from './generic.ts';

export const OPENLDAP: Dialect = {
  ...GENERIC,
  name: 'openldap',
  title: 'OpenLDAP',
  recognises: (server) =>
    server.values('objectClass').some((value) => value.toLowerCase() === 'openldaprootdse'),
  trackings: ['content-sync', 'time-stamps'],
  watches: ['content-sync'],
  contentSync: {
    idOf: BY_ENTRY_UUID.read,
    presentPhase: 'believed',
    entries: 'whole',
    lossyFrom: Number.POSITIVE_INFINITY,
  },
};
