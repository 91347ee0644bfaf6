/** What one node of an expression's syntax tree tells: what it uses, or what is wrong with it. */
import type { SyntaxNode } from './engine.ts';
import type { SourceRead } from './known.ts';

/** `own`: an attribute that a function reads by itself, such as the mail addresses of `primaryMail()`. */
export type FindingKind = 'attribute' | 'own' | 'var' | 'table' | 'asked';

/** What one node of the tree tells us. */
export type Finding =
  | { readonly kind: FindingKind; readonly name: string }
  | ({ readonly kind: 'from' } & SourceRead)
  | { readonly kind: 'fault'; readonly start: number; readonly message: string };

export function fault(node: SyntaxNode, message: string): readonly Finding[] {
  return [{ kind: 'fault', start: node.start, message }];
}

/** The text that is written there; null where it has to be computed, or is none. */
export function constantText(node: SyntaxNode | undefined): string | null {
  return node?.op === 'value' && typeof node.args === 'string' ? node.args : null;
}
