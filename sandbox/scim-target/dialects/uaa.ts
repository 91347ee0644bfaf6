/**
 * Cloud Foundry UAA, as its source has it (cloudfoundry/uaa at 942f505: ScimUserEndpoints.java, ScimUser.java,
 * ScimGroupEndpoints.java, JdbcScimUserProvisioning.java) and its `docs/UAA-APIs.rst`. PUT and PATCH need If-Match. A
 * user has exactly one e-mail address and at most one telephone number, and of the rest little more than a name is
 * stored: `title`, `displayName` and the enterprise extension are taken and forgotten. There is no method override, no
 * discovery and no rate limit.
 */
import { CORE_URN } from '../attributes.ts';
import { type Dialect, EVERY_OPERATOR } from './dialect.ts';

export const uaa: Dialect = {
  name: 'uaa',
  base: '',
  users: {
    extensions: {},
    defaults: { active: true, verified: true, origin: 'uaa' },
    required: ['emails'],
    stores: {
      userName: 'whole',
      externalId: 'whole',
      active: 'whole',
      verified: 'whole',
      origin: 'whole',
      name: ['familyName', 'givenName'],
      emails: ['value', 'primary'],
      phoneNumbers: ['value'],
    },
    single: { emails: 'refused', phoneNumbers: 'one-kept' },
    keeps: 'as-sent',
    fixed: [],
    createStatus: 201,
    patch: 'uaa',
    remove: { effect: 'removes', status: 200, answer: 'whole' },
  },
  groups: {
    prefix: '',
    uniqueNames: true,
    memberTypes: { user: 'USER', group: 'GROUP' },
    memberDisplay: false,
    patchStatus: 200,
    remove: { status: 200, answer: 'whole' },
  },
  resource: {
    showsSchemas: true,
    meta: ['version', 'created', 'lastModified'],
    times: 'utc',
    usersWord: 'Users',
    writesWholeName: false,
    showsPrimary: true,
  },
  list: {
    key: 'resources',
    schemas: [CORE_URN],
    itemsPerPage: 'size',
    defaultCount: 100,
    maxCount: 500,
    shows: 'whole',
  },
  filter: { operators: EVERY_OPERATOR, joins: true, users: { allBut: [] }, aliases: {} },
  versions: { form: 'integer', header: true, ifMatch: 'required', mismatch: 409 },
  errors: 'uaa',
  jsonType: 'application/json',
  methodOverride: false,
  wantsSchemas: false,
  oneWriteAtATime: false,
  signIn: ['bearer'],
  tokens: 'oauth',
  bulk: null,
  limits: null,
  rateHeaders: 'none',
  config: null,
  schemas: 'none',
};
