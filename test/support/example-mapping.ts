/** The example mappings as they are shipped, and somebody of whom the directory tells all that they read. */
import { readFileSync } from 'node:fs';
import { type LoadedMapping, loadMapping } from '../../app/mapping/index.ts';

export const EXAMPLES = new URL('../../mappings/', import.meta.url);

/** @throws where it does not load */
export function exampleMapping(profile: string): Extract<LoadedMapping, { ok: true }> {
  const name = `${profile}.yaml`;
  const loaded = loadMapping(`mappings/${name}`, readFileSync(new URL(name, EXAMPLES), 'utf8'));
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
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
