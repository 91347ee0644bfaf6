/**
 * What makes a text of any size out of one person: joining a list for each value of another. A thousand values of a
 * thousand characters would come to gigabytes, before anybody can measure them, and take the process with them. The parts
 * of one value, as `split` makes them, stay as long as that value. Found when the file is loaded.
 */
import type { SyntaxNode } from './engine.ts';
import { type Finding, fault } from './finding.ts';

const WORDS =
  'join(), for each value of another list, takes what split() made alone: else it could be of any size. Join it in a var.';

const NOTHING: readonly Finding[] = [];

/** @param walked how many lists are walked around it */
export function growthOf(
  node: SyntaxNode,
  name: string,
  receiver: SyntaxNode | null,
  walked: number,
): readonly Finding[] {
  const isGrowing = name === 'join' && walked > 0 && receiver !== null && !isOfOneValue(receiver);
  return isGrowing ? fault(node, WORDS) : NOTHING;
}

function isOfOneValue(node: SyntaxNode): boolean {
  if (node.op !== 'rcall') return false;
  const [name, receiver] = node.args;
  return name === 'split' || ((name === 'map' || name === 'filter') && isOfOneValue(receiver));
}
