/** Any server that keeps to RFC 4512 and 4530: entryUUID and modifyTimestamp are all that is expected of it. */
import { BY_ENTRY_UUID } from './by-uuid.ts';
import type { Dialect } from './dialect.ts';

export const GENERIC: Dialect = {
  name: 'generic',
  title: 'a directory of a kind that is not known',
  recognises: () => true,
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
};
