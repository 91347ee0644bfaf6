/**
 * Planview AgilePlace (formerly LeanKit), as its User Provisioning API pages describe it (agileplace.md sections 2, 4
 * and 5): PATCH leaves omitted values alone, but whether a lone `name.givenName` keeps the family name is not said,
 * and neither is whether `externalId` can be filtered on. `startIndex` is described as a page number from 0, but the
 * sample answer and the vendor's known callers count users from 1; a listing notices where that is wrong.
 *
 * `name.formatted` is in what the target answers and in none of the vendor's requests: it is made from the other parts,
 * so that sending the old one back beside a new family name would keep it wrong. What a create needs beyond userName,
 * and what becomes of attributes that no page names (section 4), is not known.
 */
import { EVERY_OPERATOR } from '../filter/abilities.ts';
import type { Profile } from './profile.ts';

const LEANKIT_URN = 'urn:scim:schemas:extension:leankit:user:1.0';

export const agileplace: Profile = {
  name: 'agileplace',
  usersPath: '/Users',
  auth: ['minted', 'bearer', 'basic'],
  mintPath: '/io/auth/token',
  update: 'patch',
  listChanges: 'replace',
  afterUrnInPatch: ':',
  wholeComplex: ['name'],
  alwaysSend: [],
  readOnly: [
    ['name', 'formatted'],
    [LEANKIT_URN, 'lastAccess'],
  ],
  ifMatch: 'never',
  deactivate: 'active',
  deletes: 'unknown',
  created: [200, 201],
  filter: {
    operators: EVERY_OPERATOR,
    joins: true,
    afterUrn: '.',
    booleans: 'quoted',
    attributes: { allBut: ['timezone'] },
  },
  externalIdSearch: 'unproven',
  listShows: 'whole',
  pageSize: 200,
  paging: 'index1',
  extensions: [LEANKIT_URN],
  documented: ['userName', 'externalId', 'name', 'timezone', 'active'],
  required: [],
  groups: null,
  bulk: null,
  limits: { scope: 'user', told: 'headers', sets: [] },
};
