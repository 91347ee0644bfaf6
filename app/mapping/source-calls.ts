/** Calls in expressions that are about a source rather than a value: which source, and what of it, stands there. */
import { attributeFault } from './attribute-name.ts';
import type { SyntaxNode } from './engine.ts';
import { constantText, type Finding, fault } from './finding.ts';
import { FUNCTION_USAGE } from './functions/index.ts';
import { unknownSource } from './joins.ts';
import type { Known } from './known.ts';

/** `isIn("hr")` and `from("hr", "title")`: which source, and what of it. */
export function askSource(
  node: SyntaxNode,
  call: 'from' | 'isIn',
  [first, second]: readonly SyntaxNode[],
  known: Known,
): readonly Finding[] {
  const source = constantText(first);
  const mend = `Write ${FUNCTION_USAGE.get(call)}.`;
  if (source === null) return fault(first ?? node, `a source is named by a constant text. ${mend}`);
  if (!known.sources.has(source)) return fault(first ?? node, unknownSource(source, known.sources));
  if (call === 'isIn') return [{ kind: 'asked', name: source }];
  const name = constantText(second);
  if (name === null) return fault(second ?? node, `an attribute is named by a constant text. ${mend}`);
  const wrong = attributeFault(name, known.attributes);
  return wrong === null ? [{ kind: 'from', source, name }] : fault(second ?? node, wrong);
}
