/** What an expression may name where it stands, as a mapping file declares it. Data only. */

/** What an expression may name. */
export type Known = {
  /** null: any, since the file has no list of those it reads. */
  readonly attributes: ReadonlySet<string> | null;
  /** Vars that stand above this expression. */
  readonly vars: ReadonlySet<string>;
  readonly tables: ReadonlySet<string>;
  /** `id`, `source`, `dn`, and the name of an item of a list. */
  readonly words: ReadonlySet<string>;
  /** Of which records can be asked for, the person's own source first. */
  readonly sources: ReadonlySet<string>;
  /** Whether this gives `userName`, where alone `unique` may stand. */
  readonly proposesNames?: true;
  /** Whether this is about a group, so that neither a person nor the time is at hand. */
  readonly isOfGroup?: true;
};

/** An attribute that one source alone is asked for. */
export type SourceRead = { readonly source: string; readonly name: string };
