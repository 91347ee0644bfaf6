/**
 * Which lists an update left otherwise than asked for, as the target shows them afterwards, and what to send to mend
 * that. Not every server takes a list for replaced that is named in `meta.attributes` and sent: some merge its elements
 * by `type`, so that an old one of another type stays, and some clear it, whatever is sent. Pure.
 *
 * A target may rewrite what it is sent: fold case, leave parts out, add some. So a list that only looks otherwise is
 * left alone; it takes something that can only be from before to show that a change went wrong:
 *
 *   the list shows                                        what is sent
 *   ───────────────────────────────────────────────────   ──────────────────────────────────────────────────
 *   an element that says what only the old list said      it, as it is shown, with `operation: "delete"`
 *   an old element beside all that is wanted              the same
 *   nothing, though elements were sent to replace others  the list as it shall be
 *   not all that is wanted, after such a deletion         what is lacking
 */
import { type Difference, elementKey } from '../differences.ts';
import {
  type AttributePath,
  isJsonList,
  isJsonObject,
  type Json,
  type JsonObject,
  memberOf,
  type ScimUser,
  valueAt,
} from '../resource.ts';

/** A list that has come out wrong: something old is there, or something wanted is not. */
export type Leftover = {
  readonly path: AttributePath;
  /** Elements that had to go, as the target shows them. */
  readonly old: readonly JsonObject[];
  /** Elements to send again. */
  readonly lost: readonly JsonObject[];
};

/**
 * @param shown the user after the update
 * @param deleted whether old elements have been deleted to mend it, and perhaps one that is wanted with them
 */
export function listLeftovers(
  shown: ScimUser,
  differences: readonly Difference[],
  deleted: boolean,
): readonly Leftover[] {
  return differences.flatMap(({ path, before, after }) => {
    const [was, wanted] = [elementsOf(before), elementsOf(after)];
    if (was.length === 0) return [];
    const now = elementsOf(valueAt(shown, path));
    const old = oldElements(now, was, wanted);
    const lost = deleted || now.length === 0 ? wanted.filter((element) => !isSaid(element, now)) : [];
    return old.length === 0 && lost.length === 0 ? [] : [{ path, old, lost }];
  });
}

/** The list of the body that mends it. What is old goes first: a server may take one element for another. */
export function mendingElements({ old, lost }: Leftover): readonly JsonObject[] {
  return old.length > 0 ? old.map((element) => ({ ...element, operation: 'delete' })) : lost;
}

/** Whether one of the elements is of this one's type and says all that it says. */
function isSaid(element: JsonObject, elements: readonly JsonObject[]): boolean {
  return elements.some((other) => {
    const sayings = new Set(saidBy(other));
    const [asked, shown] = [element, other].map((each) => String(memberOf(each, 'type')).toLowerCase());
    return asked === shown && saidBy(element).every((saying) => sayings.has(saying));
  });
}

function oldElements(
  now: readonly JsonObject[],
  was: readonly JsonObject[],
  wanted: readonly JsonObject[],
): readonly JsonObject[] {
  const [before, after] = [keysOf(was), keysOf(wanted)];
  const sayings = new Set(was.flatMap(saidBy));
  for (const saying of wanted.flatMap(saidBy)) sayings.delete(saying);
  const tooMany = keysOf(now).size > after.size;
  return now.filter((element) => {
    const key = keyOf(element);
    if (after.has(key)) return false;
    return (tooMany && before.has(key)) || saidBy(element).some((saying) => sayings.has(saying));
  });
}

function elementsOf(value: Json | undefined): readonly JsonObject[] {
  if (!isJsonList(value)) return [];
  return value.map((element) => (isJsonObject(element) ? element : { value: element }));
}

function keysOf(elements: readonly JsonObject[]): ReadonlySet<string> {
  return new Set(elements.map(keyOf));
}

/** What an element is, but for being primary, which not every target shows. */
function keyOf(element: JsonObject): string {
  return elementKey(withoutPrimary(element)).toLowerCase();
}

function withoutPrimary(element: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(element).filter(([name]) => name.toLowerCase() !== 'primary'));
}

/** What an element says by itself: not its type, which others have as well, nor what is the target's. */
function saidBy(element: JsonObject): readonly string[] {
  return Object.entries(element)
    .filter(([name]) => !['type', 'primary', 'display', 'operation'].includes(name.toLowerCase()))
    .map((said) => JSON.stringify(said).toLowerCase());
}
