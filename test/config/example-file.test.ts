import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { JsonSchema } from '../../app/config/index.ts';
import { configJsonSchema, formatProblem, loadConfig } from '../../app/config/index.ts';
import { KNOWLEDGE } from '../../app/installation.ts';

test('the example that operators copy is right', () => {
  const loaded = loadConfig({
    file: 'landbridge.example.yaml',
    text: readFileSync('landbridge.example.yaml', 'utf8'),
    env: { LDAP_PASSWORD: 'invented', AGILEPLACE_PASSWORD: 'invented' },
    readFile: (path) => readFileSync(path, 'utf8'),
    knowledge: KNOWLEDGE,
  });
  expect(loaded.ok ? [] : loaded.problems.map(formatProblem)).toEqual([]);
});

test('every field is described, for editors, docs and messages', () => {
  expect(undescribed(configJsonSchema(), '')).toEqual([]);
});

function undescribed(schema: JsonSchema, path: string): readonly string[] {
  const open = typeof schema.additionalProperties === 'object' ? [schema.additionalProperties] : [];
  const children = [
    ...Object.entries(schema.properties ?? {}),
    ...open.map((child) => ['NAME', child] as const),
  ];
  const nested = [...children, ...(schema.items ? [['[]', schema.items] as const] : [])];
  return [
    ...nested.filter(([, child]) => child.description === undefined).map(([name]) => `${path}.${name}`),
    ...nested.flatMap(([name, child]) => undescribed(child, `${path}.${name}`)),
    ...(schema.oneOf ?? []).flatMap((variant) => undescribed(variant, path)),
  ];
}
