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
  trackings: ['time-stamps'],
  watches: [],
  isHarmlessReferral: () => false,
  logInRefusal: () => null,
};
