/** What `landbridge check source` has found, as it is printed for people and for programs. */
import type { SourceConfig } from '../config/index.ts';
import type { SourceReport } from '../sources/checking/report.ts';
import type { Scope } from './count-scope.ts';

export type CheckedSource = SourceReport & {
  readonly source: string;
  readonly kind: SourceConfig['kind'];
  readonly scopes: readonly Scope[];
};
