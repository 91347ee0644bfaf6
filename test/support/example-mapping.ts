/** The example mappings as they are shipped, and somebody of whom the directory tells all that they read. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { formatMappingProblem, type LoadedMapping, loadMapping } from '../../app/mapping/index.ts';
import { mappingSurroundings } from '../../app/mapping-surroundings.ts';

export const EXAMPLES = new URL('../../mappings/', import.meta.url);

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** @param name of the file, without its ending. @throws where it does not load */
export function exampleMapping(name: string): Extract<LoadedMapping, { ok: true }> {
  const file = `${name}.yaml`;
  const text = readFileSync(new URL(file, EXAMPLES), 'utf8');
  const loaded = loadMapping(`mappings/${file}`, text, mappingSurroundings(ROOT, null, null));
  if (!loaded.ok) throw new Error(loaded.problems.map(formatMappingProblem).join('\n'));
  return loaded;
}

export const ADA = {
  uid: 'ada.l',
  mail: 'Ada.Lovelace@Example.test',
  givenName: 'Ada',
  sn: 'Lovelace',
  displayName: 'Ada Lovelace',
  cn: 'Ada Lovelace',
  title: 'Analyst',
  preferredLanguage: 'en-GB',
  telephoneNumber: '+44 20 7946 0017',
  mobile: '+44 7700 900017',
  street: '12 Mill Lane',
  l: 'London',
  postalCode: 'N1 7AA',
  employeeNumber: '17',
  departmentNumber: 'R&D',
  o: 'Example Ltd',
  employeeType: 'staff',
};
