/**
 * Which attributes of the source a mapping may read, wherever it names them: in expressions, under `reads`, in `from`
 * and in `accountOf`. A file with `reads` reads those alone, so that a slip shows; any other file reads what it names.
 */
import { isSecretName } from '../person/secret-names.ts';
import { didYouMean } from './did-you-mean.ts';
import { isAttributeName, isHostile } from './names.ts';

/**
 * @param declared those under `reads`; null where the file has no such list
 * @returns what is wrong with reading it, and how to mend it; null where it may be read
 */
export function attributeFault(name: string, declared: ReadonlySet<string> | null): string | null {
  if (isHostile(name)) return `"${name}" cannot be read. Remove it.`;
  if (isSecretName(name)) return `"${name}" is a credential, and credentials are never read. Take it out.`;
  if (declared !== null) {
    if (declared.has(name)) return null;
    const mend = didYouMean(name, declared) || ` Add it there: "${name}: string".`;
    return `attribute "${name}" is not declared under reads.${mend}`;
  }
  if (isAttributeName(name)) return null;
  return `"${name}" cannot be the name of an attribute: it begins with a letter and has letters, digits, "-", "_", "." and ";" only.`;
}
