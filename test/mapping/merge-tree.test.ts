/** Laying one tree over another, whatever they hold. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { laidOver } from '../../app/mapping/merge-tree.ts';
import { plain, readTree } from '../../app/mapping/yaml-tree.ts';

type Tree = { readonly [name: string]: Tree | string | readonly string[] };

const { tree } = fc.letrec<{ tree: Tree; node: Tree[string] }>((tie) => ({
  tree: fc.dictionary(fc.constantFrom('a', 'b', 'c', 'attributes', 'vars'), tie('node'), { maxKeys: 4 }),
  node: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom('x', 'y'),
    fc.array(fc.constantFrom('p', 'q'), { maxLength: 2 }),
    tie('tree'),
  ),
}));

function located(value: Tree) {
  const { root } = readTree('t.yaml', JSON.stringify(value));
  if (root === null) throw new Error('the tree is no YAML');
  return root;
}

/** What merging means, without places. */
function expected(under: Tree[string], over: Tree[string]): Tree[string] {
  if (!isTree(under) || !isTree(over)) return over;
  const names = [...new Set([...Object.keys(under), ...Object.keys(over)])];
  return Object.fromEntries(
    names.map((name) => {
      const [below, above] = [under[name], over[name]];
      if (below === undefined || above === undefined) return [name, above ?? below ?? ''];
      return [name, expected(below, above)];
    }),
  );
}

function isTree(value: Tree[string]): value is Tree {
  return typeof value === 'object' && !Array.isArray(value);
}

test('maps are merged key by key, and everything else is replaced', () => {
  fc.assert(
    fc.property(tree, tree, (under, over) => {
      expect(plain(laidOver(located(under), located(over), 'of-over'))).toEqual(expected(under, over));
    }),
  );
});

test('a tree that is laid over itself stays as it is, its places too', () => {
  fc.assert(
    fc.property(tree, (one) => {
      const node = located(one);
      expect(JSON.stringify(laidOver(node, node, 'of-under'))).toBe(JSON.stringify(node));
    }),
  );
});
