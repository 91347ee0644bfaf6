/** Looks out for somebody while a file is read: whoever has what was asked for as the id, the DN or any value. */
import type { Entry } from '../../../person/entry.ts';
import { type Finding, good, lacking } from '../../checking/report.ts';

export type LookOut = {
  meet(entry: Entry): void;
  /** Whoever is to be shown; null where it is nobody, or not just one. */
  met(): { readonly finding: Finding; readonly entry: Entry | null };
};

export function lookOutFor(asked: string): LookOut {
  const wanted = folded(asked);
  let one: Entry | null = null;
  let several = false;
  return {
    meet(entry) {
      if (!namesIn(entry).some((name) => folded(name) === wanted)) return;
      several ||= one !== null && one.stableId !== entry.stableId;
      one = entry;
    },
    met() {
      if (several)
        return { finding: lacking('person', 'several fit', 'name one of them by the id'), entry: null };
      if (one !== null) return { finding: good('person', 'is read'), entry: one };
      return {
        finding: lacking('person', 'not found', 'nobody who is read has that as an id or a value'),
        entry: null,
      };
    },
  };
}

function namesIn({ stableId, dn, attributes }: Entry): readonly string[] {
  return [stableId, ...(dn === undefined ? [] : [dn]), ...Object.values(attributes).flat()];
}

function folded(text: string): string {
  return text.trim().toLowerCase();
}
