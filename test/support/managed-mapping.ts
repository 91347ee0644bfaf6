/** A mapping by which accounts say who the person's manager is. */
import { loadMapping, type Mapping } from '../../app/mapping/index.ts';

export const ENTERPRISE = 'urn:scim:schemas:extension:enterprise:1.0';

const TEXT = `version: 1
source: corp
target: agileplace
resource: User
match: [externalId, userName]
reads: { mail: string, sn: string, manager: string, status: string }
scope: '= e.mail != ""'
attributes:
  externalId: '= id'
  userName: '= e.mail'
  name: { familyName: '= e.sn' }
  active: { value: '= e.status != "off"', optional: [status] }
  ${ENTERPRISE}:
    manager: { managerId: { accountOf: manager } }
`;

/** For the rig's source and target; everybody with a mail address is in scope, and `status: off` makes inactive. */
export function managedMapping(): Mapping {
  const loaded = loadMapping('mappings/test.yaml', TEXT);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  return loaded.mapping;
}
