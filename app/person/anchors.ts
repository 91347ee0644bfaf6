/**
 * What a person has been called: DNs, names to log in by, mail addresses, employee numbers, each with when it was first
 * and last told. So that an old name leads to the person who had it, and a name that somebody had before is known as
 * such. Personal data: shown to whoever may read people, never logged. Pure.
 */
import type { Entry } from './entry.ts';

export type AnchorKind = 'dn' | 'userName' | 'mail' | 'employeeNumber';

/** `firstSeen`, `lastSeen`: when something new was learnt of the person while they were called so, ISO 8601. */
export type Anchor = {
  readonly kind: AnchorKind;
  readonly value: string;
  readonly firstSeen: string;
  readonly lastSeen: string;
};

/** How many are kept of one person; the oldest give way. */
export const MOST_ANCHORS = 50;

const ATTRIBUTES: readonly (readonly [AnchorKind, readonly string[]])[] = [
  ['userName', ['uid', 'userprincipalname', 'samaccountname', 'username']],
  ['mail', ['mail']],
  ['employeeNumber', ['employeenumber', 'employeeid']],
];

/** The attributes of which names of this kind are made, in small letters. */
export function attributesBehind(kind: AnchorKind): readonly string[] {
  return ATTRIBUTES.flatMap(([known, names]) => (known === kind ? names : []));
}

/** What an entry calls its person, each once. */
function anchorsIn({ dn, attributes }: Entry): readonly Pick<Anchor, 'kind' | 'value'>[] {
  const named = ATTRIBUTES.flatMap(([kind, names]) =>
    names.flatMap((name) => (attributes[name] ?? []).map((value) => ({ kind, value }))),
  );
  const all = dn === undefined ? named : [{ kind: 'dn' as const, value: dn }, ...named];
  return [...new Map(all.map((anchor) => [idOf(anchor), anchor])).values()];
}

/** The history with what is told now, the newest first: what a person is called now gives way last. */
export function withAnchorsOf(entry: Entry, history: readonly Anchor[], now: Date): readonly Anchor[] {
  const at = now.toISOString();
  const before = new Map(history.map((anchor) => [idOf(anchor), anchor]));
  const current = anchorsIn(entry).map((anchor) => ({
    ...anchor,
    firstSeen: before.get(idOf(anchor))?.firstSeen ?? at,
    lastSeen: at,
  }));
  const names = new Set(current.map(idOf));
  const former = history
    .filter((anchor) => !names.has(idOf(anchor)))
    .toSorted((one, other) => (one.lastSeen < other.lastSeen ? 1 : one.lastSeen > other.lastSeen ? -1 : 0));
  return [...current, ...former].slice(0, MOST_ANCHORS);
}

/** Names are compared without case. */
function idOf({ kind, value }: Pick<Anchor, 'kind' | 'value'>): string {
  return `${kind}:${value.trim().toLowerCase()}`;
}
