/**
 * What an entry says, as one text: two entries say the same where their texts are equal. Stores keep a digest of it, so
 * that somebody who has not changed is known by a few bytes.
 *
 * Left out is the source's own version of the record, which is not about the person. Values have no order (an LDAP
 * value set has none, RFC 4512 section 2.3), and attributes have none either.
 */
import type { Entry } from './entry.ts';

/**
 * All lengths and counts, then all texts in a row: so none can be taken for the end of another, and nothing has to be
 * escaped, for millions of values in a sweep.
 */
export function contentOf(entry: Entry): string {
  const content: Content = { lengths: [], texts: [] };
  add(content, entry.dn ?? '');
  add(content, entry.dnKey ?? '');
  addAll(content, entry.memberNames ?? []);
  addAll(content, sorted((entry.memberOf ?? []).map(groupText)));
  addNamed(content, entry.attributes);
  addNamed(content, entry.references ?? {});
  return `${content.lengths.join()}\n${content.texts.join('')}`;
}

export function saysTheSame(a: Entry, b: Entry): boolean {
  return contentOf(a) === contentOf(b);
}

/** Of each list its length stands before those of its texts, so the numbers alone say which text is where. */
type Content = { readonly lengths: number[]; readonly texts: string[] };

function add({ lengths, texts }: Content, text: string): void {
  lengths.push(text.length);
  texts.push(text);
}

function addAll(content: Content, texts: readonly string[]): void {
  content.lengths.push(texts.length);
  for (const text of texts) add(content, text);
}

function addNamed(content: Content, values: Readonly<Record<string, readonly string[]>>): void {
  const names = Object.keys(values).sort();
  content.lengths.push(names.length);
  for (const name of names) {
    add(content, name);
    addAll(content, sorted(values[name] ?? []));
  }
}

function groupText({ dn, name }: NonNullable<Entry['memberOf']>[number]): string {
  return `${dn.length}:${dn}${name}`;
}

function sorted(values: readonly string[]): readonly string[] {
  return values.length < 2 ? values : [...values].sort();
}
