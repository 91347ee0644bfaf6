/**
 * The names that are proposed for an account, in the order in which they are tried: those that a mapping gives, then
 * the last of them with a number. Which one somebody gets is decided where it is known who has which
 * (`app/sync/user-names.ts`).
 */

/** How far is counted; whoever finds no name by then is a case for a person. */
export const HIGHEST_NUMBER = 99;

/** `ada@x.org`, `ada.l@x.org`, `ada.l2@x.org`, … `ada.l99@x.org`. Each comes once, whatever its case. */
export function* candidateNames(proposals: readonly string[]): Generator<string, void> {
  const told = new Set<string>();
  for (const name of inOrder(proposals)) {
    const folded = foldUserName(name);
    if (told.has(folded)) continue;
    told.add(folded);
    yield name;
  }
}

function* inOrder(proposals: readonly string[]): Generator<string, void> {
  yield* proposals;
  const last = proposals.at(-1);
  if (last === undefined) return;
  const at = last.indexOf('@');
  const [local, domain] = at <= 0 ? [last, ''] : [last.slice(0, at), last.slice(at)];
  for (let number = 2; number <= HIGHEST_NUMBER; number += 1) yield `${local}${number}${domain}`;
}

/** Names that differ in case alone are one name: targets compare them so, or would show two that nobody can tell apart. */
export function foldUserName(name: string): string {
  return name.normalize('NFC').toLowerCase();
}
