/** OpenLDAP: entryUUID, entryCSN, Content Sync by the syncprov overlay (slapo-syncprov(5)). */
import { BY_ENTRY_UUID } from './by-uuid.ts';
import type { Dialect } from './dialect.ts';

export const OPENLDAP: Dialect = {
  name: 'openldap',
  title: 'OpenLDAP',
  recognises: (server) =>
    server.values('objectClass').some((value) => value.toLowerCase() === 'openldaprootdse'),
  id: BY_ENTRY_UUID,
  bookkeeping: ['entryCSN', 'modifyTimestamp'],
  peopleFilter: '(objectClass=inetOrgPerson)',
  groups: {
    filter: '(objectClass=groupOfNames)',
    memberAttribute: 'member',
    nameAttribute: 'cn',
    primary: false,
  },
  trackings: ['content-sync', 'time-stamps'],
  watches: ['content-sync'],
  contentSync: {
    idOf: BY_ENTRY_UUID.read,
    presentPhase: 'believed',
    entries: 'whole',
    lossyFrom: Number.POSITIVE_INFINITY,
  },
  isHarmlessReferral: () => false,
};
