/**
 * Slack by its SCIM API v1.1 (docs.slack.dev/reference/scim-api). From there: a create needs userName and one e-mail
 * address; PATCH merges a lone part of the name, clears by `meta.attributes`, and leaves the values of a list that it
 * does not name, so a list is cleared by name before it is sent; all operators of a filter, but only over userName and
 * `email`; up to a thousand users a page. DELETE only switches an account off, as PATCH of `active: false` does. Two
 * writes to one user at the same time are answered with 429 as well. The limits (its page rate-limits) are counted for
 * all SCIM apps of an organisation together; 201 for a create and `Errors` as a single object with a number come from
 * Slack's own SDKs (slackapi/python-slack-sdk, slackapi/java-slack-sdk).
 *
 * A userName is made of at most 21 letters, digits, dots, hyphens and underscores: a mail address is turned into such a
 * name and not found again by what was sent, so that account is looked for by its address. `externalId` is taken at a create and never changed. Not known: the
 * unit of Retry-After.
 */
import { EVERY_OPERATOR } from '../filter/abilities.ts';
import { ENTERPRISE_URN } from '../resource.ts';
import type { Profile } from './profile.ts';

const GUEST_URN = 'urn:scim:schemas:extension:slack:guest:1.0';
const PROFILE_URN = 'urn:scim:schemas:extension:slack:profile:1.0';

export const slack: Profile = {
  name: 'slack',
  usersPath: '/Users',
  auth: ['bearer'],
  mintPath: null,
  update: 'patch',
  listChanges: 'replace',
  afterUrnInPatch: '.',
  wholeComplex: [],
  alwaysSend: [],
  readOnly: [[ENTERPRISE_URN, 'manager', 'displayName']],
  ifMatch: 'never',
  deactivate: 'delete',
  deletes: 'deactivates',
  created: [201],
  filter: {
    operators: EVERY_OPERATOR,
    joins: true,
    afterUrn: '.',
    booleans: 'bare',
    attributes: { only: ['userName'] },
  },
  externalIdSearch: 'unsupported',
  addressSearch: 'email',
  listShows: 'whole',
  pageSize: 1000,
  paging: 'index1',
  extensions: [ENTERPRISE_URN, GUEST_URN, PROFILE_URN],
  documented: null,
  required: ['emails'],
  groups: { path: '/Groups', update: 'patch', membersPerRequest: 1000 },
  bulk: null,
  limits: {
    scope: 'organisation',
    told: 'retry-after',
    sets: [
      {
        name: 'writes',
        methods: ['POST', 'PUT', 'PATCH', 'DELETE'],
        resources: 'any',
        perMinute: 600,
        burst: 180,
      },
      { name: 'reads', methods: ['GET'], resources: 'any', perMinute: 1000, burst: 1000 },
      { name: 'read user', methods: ['GET'], resources: 'users', perMinute: 300, burst: 300 },
      { name: 'create user', methods: ['POST'], resources: 'users', perMinute: 180, burst: 20 },
      { name: 'change user', methods: ['PUT', 'PATCH'], resources: 'users', perMinute: 180, burst: 20 },
      { name: 'delete user', methods: ['DELETE'], resources: 'users', perMinute: 180, burst: 20 },
    ],
  },
};
