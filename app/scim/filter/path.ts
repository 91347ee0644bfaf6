/**
 * Attribute names as filters write them (draft-scim-api-01, 3.8): `attribute`, `attribute.sub`, and either behind the
 * URN of its schema. The draft puts a colon behind the URN; some targets want a dot, so both are read. A dot is taken
 * for the end of the URN only where the URN ends in a version, since no attribute's name begins with a digit. The URN
 * of the core schema may be left out, and is. Pure.
 */
import { type AttributePath, CORE_URN, isUrn, sameName } from '../resource.ts';
import type { FilterAbilities } from './abilities.ts';
import { FilterError } from './filter-error.ts';

/** XML names without colons and dots; `$` for the `$ref` that some servers have. */
const NAME = /^[\p{L}_$][\p{L}\p{N}_$-]*$/u;

const VERSION_AND_NAME = /^(?<version>\d+(?:\.\d+)*)\.(?<name>\D.*)$/s;

/**
 * @param index where the text stands in the filter
 * @throws FilterError
 */
export function parsePath(text: string, index: number): AttributePath {
  if (!isUrn(text)) return namesIn(text, index);
  const { urn, rest } = splitUrn(text);
  if (rest === '') throw new FilterError(index, 'an attribute has to follow the URN, after a colon');
  const names = namesIn(rest, index + text.length - rest.length);
  return sameName(urn, CORE_URN) ? names : [urn, ...names];
}

/** The path as a filter names it. */
export function formatFilterPath(path: AttributePath, afterUrn: FilterAbilities['afterUrn']): string {
  const [head, ...rest] = path;
  return isUrn(head) ? `${head}${afterUrn}${rest.join('.')}` : path.join('.');
}

function splitUrn(text: string): { urn: string; rest: string } {
  const colon = text.lastIndexOf(':');
  const last = text.slice(colon + 1);
  const dotted = VERSION_AND_NAME.exec(last)?.groups;
  if (dotted !== undefined) {
    const { version = '', name = '' } = dotted;
    return { urn: text.slice(0, colon + 1) + version, rest: name };
  }
  return /^\d/.test(last) ? { urn: text, rest: '' } : { urn: text.slice(0, colon), rest: last };
}

function namesIn(text: string, index: number): AttributePath {
  const [attribute = '', sub, ...deeper] = text.split('.');
  if (deeper.length > 0) {
    throw new FilterError(index, 'name an attribute, or an attribute and one sub-attribute: name.familyName');
  }
  for (const name of sub === undefined ? [attribute] : [attribute, sub]) {
    if (!NAME.test(name)) {
      throw new FilterError(index, 'an attribute name is needed: a letter first, then letters and digits');
    }
  }
  return sub === undefined ? [attribute] : [attribute, sub];
}
