/** What is written about a directory: filters, DNs and attribute names, each with a message that shows how to write it. */
import { isSecretName } from '../person/secret-names.ts';
import { accept, type Check, refuse } from './checked.ts';
import type { Surroundings } from './surroundings.ts';

export function ldapFilter({ knowledge }: Surroundings): Check<string> {
  return (written) => {
    const howTo = 'Write it like (objectClass=person).';
    if (!/^\(.*\)$/s.test(written)) return refuse(`must stand in parentheses. ${howTo}`);
    const problem = knowledge.filterProblem(written);
    return problem === null ? accept(written) : refuse(`cannot be read: ${problem}. ${howTo}`);
  };
}

export function distinguishedName({ knowledge }: Surroundings): Check<string> {
  return (written) =>
    knowledge.isDn(written)
      ? accept(written)
      : refuse('is not a DN. Write it like ou=people,dc=example,dc=com.');
}

export const attributeName: Check<string> = (written) => {
  if (isSecretName(written)) return refuse('is a credential, and credentials are never read. Name another.');
  return /^[a-zA-Z][a-zA-Z0-9-]*$/.test(written)
    ? accept(written)
    : refuse('must be an attribute name. Write it like member.');
};
