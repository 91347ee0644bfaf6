import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { generatedFiles } from '../../app/cli/generated-files.ts';
import { configJsonSchema, type JsonSchema } from '../../app/config/index.ts';

const files = generatedFiles((path) => readFileSync(path, 'utf8'));

test.each(files)('$path is what `npm run schemas` would write', ({ path, text }) => {
  expect(readFileSync(path, 'utf8')).toBe(text);
});

test('every key of the configuration stands in docs/configuration.md', () => {
  const docs = readFileSync('docs/configuration.md', 'utf8');
  const absent = keysOf(configJsonSchema()).filter((key) => !new RegExp(`[\`.) ]${key}\``).test(docs));
  expect(absent).toEqual([]);
});

function keysOf(schema: JsonSchema): readonly string[] {
  const open = typeof schema.additionalProperties === 'object' ? [schema.additionalProperties] : [];
  const children = [
    ...Object.values(schema.properties ?? {}),
    ...open,
    ...(schema.items ? [schema.items] : []),
  ];
  return [...Object.keys(schema.properties ?? {}), ...[...children, ...(schema.oneOf ?? [])].flatMap(keysOf)];
}
