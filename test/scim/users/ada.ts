/** Whom the tests of users make and look for. */
import type { ScimUser } from '../../../app/scim/resource.ts';
import type { Match } from '../../../app/scim/target.ts';

export const USER: ScimUser = { userName: 'ada.lovelace@example.com', externalId: 'g-1', active: true };
export const BY_NAME: Match = { by: 'userName', value: USER.userName };
