/**
 * What a mapping file declares before its expressions: the attributes it reads and its lookup tables. Tolerant of a
 * wrong shape, which is reported elsewhere, so that one mistake does not make every expression wrong.
 */
import { isSecretName } from '../person/secret-names.ts';
import type { Position } from './file-problem.ts';
import { isAttributeName } from './names.ts';
import type { Report } from './report.ts';
import type { TableEntries, Tables } from './tables.ts';
import { entryOf, type Located, type LocatedEntry } from './yaml-tree.ts';

export type DeclaredAttribute = { readonly type: 'string' | 'list<string>'; readonly at: Position };

export type DeclaredTable = { readonly entries: TableEntries; readonly at: Position };

export type Declared = {
  /** By name as the file spells it; null where expressions may read any attribute. */
  readonly reads: ReadonlyMap<string, DeclaredAttribute> | null;
  readonly tables: ReadonlyMap<string, DeclaredTable>;
};

export function declarationsOf(root: Located, tables: Tables, report: Report): Declared {
  return { reads: readsOf(root, report), tables: tablesOf(root, tables) };
}

function readsOf(root: Located, report: Report): Declared['reads'] {
  if (entryOf(root, 'reads') === undefined) return null;
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

function tablesOf(root: Located, tables: Tables): Declared['tables'] {
  const declared = new Map<string, DeclaredTable>();
  for (const { key: name, keyAt, value } of entriesOf(root, 'tables')) {
    declared.set(name, { entries: tables.entriesOf(name, value), at: keyAt });
  }
  return declared;
}

export function entriesOf(root: Located, key: string): readonly LocatedEntry[] {
  const node = entryOf(root, key)?.value;
  return node?.kind === 'map' ? node.entries : [];
}
