/**
 * Cloud Foundry UAA, as its source has it (cloudfoundry/uaa at 942f505: ScimUserEndpoints.java, ScimUser.java,
 * ScimGroupEndpoints.java, JdbcScimUserProvisioning.java) and its `docs/UAA-APIs.rst`. PUT and PATCH need If-Match. A
 * user has exactly one e-mail address and at most one telephone number, and of the rest little more than a name is
 * stored: `title`, `displayName` and the enterprise extension are taken and forgotten. There is no method override, no
 * discovery and no rate limit.
 */
import type { Dialect } from './dialect.ts';
import { generic } from './generic.ts';

export const uaa: Dialect = {
  ...generic,
  name: 'uaa',
  base: '',
  users: {
    ...generic.users,
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
    patch: 'uaa',
    remove: { effect: 'removes', status: 200, answer: 'whole' },
  },
  groups: {
    ...generic.groups,
    uniqueNames: true,
    memberTypes: { user: 'USER', group: 'GROUP' },
    memberDisplay: false,
    remove: { status: 200, answer: 'whole' },
  },
  resource: { ...generic.resource, meta: ['version', 'created', 'lastModified'] },
  list: { ...generic.list, key: 'resources', itemsPerPage: 'size', maxCount: 500 },
  versions: { form: 'integer', header: true, ifMatch: 'required', mismatch: 409 },
  errors: 'uaa',
  methodOverride: false,
  signIn: ['bearer'],
  config: null,
  schemas: 'none',
};
