/** A whole installation over the private directory: context, worker processes and the sandbox target. */
import type { Directory } from '../../sandbox/directory/slapd.ts';
import { type BenchStage, setStage } from '../stage.ts';
import { MAPPING_TEXT } from './mapping.ts';

/** @param poll the `poll` block of the source, in YAML */
export async function setDirectoryStage(directory: Directory, poll: string): Promise<BenchStage> {
  const { ldapsUrl, caFile, reader, peopleBase, groupsBase } = directory;
  const corp = [
    'kind: ldap',
    `urls: [${ldapsUrl}]`,
    `tls: { mode: ldaps, ca: ${caFile}, serverName: localhost }`,
    `bindDn: "${reader.dn}"`,
    `password: '\${env:BENCH_DIRECTORY_PASSWORD}'`,
    `people: { base: "${peopleBase}" }`,
    `groups: { base: "${groupsBase}" }`,
    `poll: ${poll}`,
  ];
  return await setStage({
    sources: `corp: { ${corp.join(', ')} }`,
    mapping: MAPPING_TEXT,
    env: { BENCH_DIRECTORY_PASSWORD: reader.password },
  });
}
