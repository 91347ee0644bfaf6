/** Where two payloads differ, attribute by attribute, and item by item where two lists are of one length. Pure. */
import { isJsonList, isJsonObject, isUrn, type Json } from '../../scim/resource.ts';

export type Step = string | number;

export type Differing = {
  readonly path: readonly Step[];
  /** Absent where nothing was expected. */
  readonly expected?: Json;
  /** Absent where nothing came out. */
  readonly got?: Json;
};

export function differing(expected: Json, got: Json, path: readonly Step[] = []): readonly Differing[] {
  if (isJsonObject(expected) && isJsonObject(got)) {
    const names = [...new Set([...Object.keys(expected), ...Object.keys(got)])];
    return names.flatMap((name) => {
      const at = [...path, name];
      const [wanted, found] = [own(expected, name), own(got, name)];
      if (wanted === undefined) return found === undefined ? [] : [{ path: at, got: found }];
      return found === undefined ? [{ path: at, expected: wanted }] : differing(wanted, found, at);
    });
  }
  if (isJsonList(expected) && isJsonList(got) && expected.length === got.length) {
    return expected.flatMap((item, index) => differing(item, got[index] ?? null, [...path, index]));
  }
  return JSON.stringify(expected) === JSON.stringify(got) ? [] : [{ path, expected, got }];
}

function own(object: { readonly [key: string]: Json }, name: string): Json | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

/** `emails[0].value`, `urn:…:user:1.0:boardCreator` */
export function pathInWords(path: readonly Step[]): string {
  return path.reduce<string>((so, step) => {
    if (typeof step === 'number') return `${so}[${step}]`;
    if (so === '') return step;
    return `${so}${isUrn(so) && path[0] === so ? ':' : '.'}${step}`;
  }, '');
}
