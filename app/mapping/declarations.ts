/**
 * What a mapping file declares before its expressions: the attributes it reads and its lookup tables. Tolerant of a
 * wrong shape, which is reported elsewhere, so that one mistake does not make every expression wrong.
 */
import { isSecretName } from '../person/secret-names.ts';
import type { Position } from './file-problem.ts';
import { foldKey } from './functions.ts';
import { isAttributeName } from './names.ts';
import type { Report } from './report.ts';
import { entryOf, type Located, type LocatedEntry } from './yaml-tree.ts';

export type DeclaredAttribute = { readonly type: 'string' | 'list<string>'; readonly at: Position };

export type DeclaredTable = { readonly entries: ReadonlyMap<string, string>; readonly at: Position };

export type Declared = {
  /** By name as the file spells it. */
  readonly reads: ReadonlyMap<string, DeclaredAttribute>;
  readonly tables: ReadonlyMap<string, DeclaredTable>;
};

export function declarationsOf(root: Located, report: Report): Declared {
  return { reads: readsOf(root, report), tables: tablesOf(root, report) };
}

function readsOf(root: Located, report: Report): Declared['reads'] {
  const reads = new Map<string, DeclaredAttribute>();
  const spellings = new Map<string, string>();
  for (const { key, keyAt, value } of entriesOf(root, 'reads')) {
    const other = spellings.get(key.toLowerCase());
    if (other !== undefined) {
      report.problem(
        keyAt,
        `reads.${key}`,
        `is declared already, as "${other}": case makes no difference. Keep one.`,
      );
    } else if (isSecretName(key)) {
      report.problem(keyAt, `reads.${key}`, 'is a credential, and credentials are never read. Take it out.');
    } else if (isAttributeName(key)) {
      const isList = value.kind === 'scalar' && value.value === 'string[]';
      reads.set(key, { type: isList ? 'list<string>' : 'string', at: keyAt });
    }
    spellings.set(key.toLowerCase(), key);
  }
  return reads;
}

function tablesOf(root: Located, report: Report): Declared['tables'] {
  const tables = new Map<string, DeclaredTable>();
  for (const { key: name, keyAt, value } of entriesOf(root, 'tables')) {
    tables.set(name, { entries: tableEntries(name, value, report), at: keyAt });
  }
  return tables;
}

function tableEntries(table: string, node: Located, report: Report): ReadonlyMap<string, string> {
  const entries = new Map<string, string>();
  if (node.kind !== 'map') return entries;
  for (const { key, keyAt, value } of node.entries) {
    const folded = foldKey(key);
    if (entries.has(folded)) {
      report.problem(
        keyAt,
        `tables.${table}.${key}`,
        'is there already: case makes no difference. Keep one.',
      );
    }
    if (value.kind === 'scalar' && typeof value.value === 'string') entries.set(folded, value.value);
  }
  return entries;
}

export function entriesOf(root: Located, key: string): readonly LocatedEntry[] {
  const node = entryOf(root, key)?.value;
  return node?.kind === 'map' ? node.entries : [];
}
