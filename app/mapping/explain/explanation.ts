/**
 * How a mapping comes to what it gives for one person, as data for whoever shows it: what of the source is read, the
 * expressions as they are written, what they give, and why something is left out. Sensitive values and credentials are
 * masked already, so that all of it can be shown.
 */
import type { Json } from '../../scim/resource.ts';
import type { MappingProblem } from '../mapping.ts';
import type { AttributePolicy } from '../policy.ts';

/** What the source says of an attribute. */
export type ExplainedRead = {
  readonly attribute: string;
  /** Without blank ones; masked where it is sensitive. */
  readonly values: readonly string[];
};

export type ExplainedExpression = {
  /** `mappings/agileplace.yaml:35:26` */
  readonly where: string;
  /** As it is written: `= e.mail.lower()`, `from: title`, `accountOf: manager`. */
  readonly written: string;
  readonly reads: readonly ExplainedRead[];
  /** Vars that it uses itself. */
  readonly vars: readonly string[];
  /** What it gives: null where it gives nothing or cannot be computed. */
  readonly result: Json;
  /** It is computed for each item of a list, so that there is no one result. */
  readonly each?: true;
  /** Why it cannot be computed. */
  readonly failure?: string;
};

export type ExplainedVar = ExplainedExpression & { readonly name: string };

export type ExplainedAttribute = {
  /** As SCIM writes it. A list is one attribute. */
  readonly path: string;
  /** What it comes from; empty for a constant. */
  readonly from: readonly ExplainedExpression[];
  /** What stands in the account; null where it is left out. A reference is `{ accountOf: <DN or id> }`. */
  readonly value: Json;
  /** Why it is left out, or where else the value comes from than expected. */
  readonly notes: readonly string[];
  /** How it is kept, where not as usual. */
  readonly policy?: Partial<Omit<AttributePolicy, 'path'>>;
};

export type Explanation = {
  readonly file: string;
  readonly source: string;
  readonly target: string;
  readonly person: string;
  readonly at: string;
  /** `absent`: gone from the source, so that the account is a leaver's, whatever else stands here. */
  readonly presence: 'present' | 'absent';
  readonly outcome: 'in-scope' | 'out-of-scope' | 'protected' | 'failed';
  /** Of the outcome, where there is one to tell. */
  readonly reason: string | null;
  /** From then on something comes out otherwise by itself. */
  readonly changesAt: string | null;
  readonly groups: readonly string[];
  /** null where everybody belongs. */
  readonly scope: ExplainedExpression | null;
  readonly vars: readonly ExplainedVar[];
  /** Empty for whoever gets no account. */
  readonly attributes: readonly ExplainedAttribute[];
  /** Why the person cannot be mapped. */
  readonly problems: readonly MappingProblem[];
  readonly warnings: readonly MappingProblem[];
};
