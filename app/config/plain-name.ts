/** Names that the operator gives: sources, targets, tokens. They become parts of keys, hence the narrow rule. */
import { SOURCE_NAME } from '../person/anchor.ts';
import { accept, type Check, refuse } from './checked.ts';

export const NAME_RULE =
  'must be a name of lower-case letters, digits and hyphens that begins with a letter, at most 63 characters. Rename it.';

export const plainName: Check<string> = (written) =>
  SOURCE_NAME.test(written) ? accept(written) : refuse(NAME_RULE);
