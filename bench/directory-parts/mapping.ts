/** The mapping that `bench:directory` reads and provisions by. */
import { loadMapping, type Mapping } from '../../app/mapping/index.ts';

export const MAPPING_TEXT = `version: 1
source: corp
target: agileplace
resource: User
match: [externalId, userName]
reads: { mail: string, sn: string, givenName: string }
attributes: { externalId: '= id', userName: '= e.mail', active: true, name: { familyName: '= e.sn', givenName: '= e.givenName' } }
`;

export function benchMapping(): Mapping {
  const loaded = loadMapping('bench.yaml', MAPPING_TEXT);
  if (!loaded.ok) throw new Error('the mapping does not load');
  return loaded.mapping;
}
