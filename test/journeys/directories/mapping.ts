/** What the accounts of the table are made of: the same for each directory, but for who is disabled. */
import { loadMapping, type Mapping } from '../../../app/mapping/index.ts';
import { ENTERPRISE_URN } from '../../../app/scim/resource.ts';
import type { Kind } from './server.ts';

export const LEANKIT_URN = 'urn:scim:schemas:extension:leankit:user:1.0';

export function mappingText({ active }: Pick<Kind, 'active'>): string {
  return `version: 1
source: corp
target: agileplace
resource: User
match: [externalId, userName]
reads:
  mail: string
  givenName: string
  sn: string
  title: string
  employeeType: string
  manager: string
  ${active.reads}
scope: '= e.mail != "" && (e.employeeType != "guest" || inGroup("board creators"))'
attributes:
  externalId: '= id'
  userName: '= e.mail'
  name: { givenName: '= e.givenName', familyName: '= e.sn' }
  title: '= e.title'
  active: ${active.rule}
  ${ENTERPRISE_URN}:
    manager: { managerId: { accountOf: manager } }
  ${LEANKIT_URN}:
    administrator: '= inGroup("large")'
    boardCreator: '= inGroup("board creators")'
    dateFormat: dd/mm/yyyy
`;
}

export function mappingFor(kind: Kind): Mapping {
  const loaded = loadMapping('mappings/corp.yaml', mappingText(kind));
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  return loaded.mapping;
}
