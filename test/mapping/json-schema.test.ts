import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import * as z from 'zod';
import { mappingFileJsonSchema } from '../../app/mapping/index.ts';

const schema = z.fromJSONSchema({ ...mappingFileJsonSchema() });
const shipped: Record<string, unknown> = parse(
  readFileSync(new URL('../../mappings/agileplace.yaml', import.meta.url), 'utf8'),
);

test('editors find the shipped mapping in order', () => {
  expect(schema.safeParse(shipped).success).toBe(true);
});

test.each([
  ['a mistyped key', { ...shipped, tabels: {} }],
  ['a wrong type', { ...shipped, reads: { mail: 'text' } }],
  ['a boolean as text', { ...shipped, attributes: { active: 'true' } }],
  ['a single address', { ...shipped, attributes: { emails: { value: 'a' } } }],
])('editors mark %s', (_what, file) => {
  expect(schema.safeParse(file).success).toBe(false);
});

test('every key and every attribute has a description', () => {
  const { properties } = mappingFileJsonSchema() as { properties: Record<string, { properties?: object }> };
  const described = { ...properties, ...properties['attributes']?.properties };
  const bare = Object.entries(described).filter(
    ([name, field]) => !name.startsWith('urn:') && !('description' in field),
  );
  expect(bare.map(([name]) => name)).toEqual([]);
});
