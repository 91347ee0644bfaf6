/** The JSON Schema of mapping files, for completion in editors: the schema of the file, with every attribute we know. */
import * as z from 'zod';
import { NAMING } from './compile-leaf.ts';
import { mappingFileSchema } from './schema.ts';
import {
  type AttributeSchema,
  CORE_ATTRIBUTES,
  KNOWN_EXTENSIONS,
  type Parts,
  type SimpleType,
} from './user-schema.ts';

/** JSON Schema (draft 2020-12) of the mapping file. */
export function mappingFileJsonSchema(): object {
  const extensions = [...KNOWN_EXTENSIONS].map(
    ([urn, parts]) => [urn, z.strictObject(shapes(parts)).optional()] as const,
  );
  const attributes = z
    .object({ ...shapes(CORE_ATTRIBUTES), ...Object.fromEntries(extensions) })
    .catchall(z.record(z.string(), z.unknown()).describe('An extension, under its URN.'));
  return z.toJSONSchema(mappingFileSchema(attributes), { io: 'input' });
}

/** @param inList no item of a list can refer to another account */
function shapes(parts: Parts, inList = false): Record<string, z.ZodType> {
  const known: [string, z.ZodType][] = [];
  for (const [name, schema] of parts) {
    const shape = shapeOf(name, schema, inList);
    if (shape !== null) known.push([name, shape.optional()]);
  }
  return Object.fromEntries(known);
}

function shapeOf(name: string, schema: AttributeSchema, inList: boolean): z.ZodType | null {
  switch (schema.kind) {
    case 'not-mapped':
      return null;
    case 'open':
      return z.unknown();
    case 'simple':
      return leaf(name, schema.type, inList).describe(schema.description);
    case 'complex':
      return z.strictObject(shapes(schema.parts, inList)).describe(schema.description);
    case 'list':
      return z.array(item(schema.parts)).describe(schema.description);
  }
}

function leaf(name: string, type: SimpleType, inList: boolean): z.ZodType {
  const expression = z.string().regex(/^=/);
  const value = type === 'boolean' ? z.union([expression, z.boolean()]) : z.string();
  const options = z.strictObject({
    value: value.describe('An expression or a constant.'),
    required: z.boolean().optional().describe('Without this value the person is not written at all.'),
    ...(name === 'active'
      ? {
          optional: z
            .array(z.string())
            .optional()
            .describe(
              'Attributes whose absence has a meaning; every other one must be there for active to be told.',
            ),
        }
      : {}),
  });
  const mayRefer = type === 'string' && !inList && !NAMING.has(name);
  return z.union(mayRefer ? [value, options, REFERENCE] : [value, options]);
}

const REFERENCE = z.strictObject({
  accountOf: z
    .string()
    .describe(
      'An attribute under reads that names a person: the value is the id of their account at the target.',
    ),
});

function item(parts: Parts): z.ZodType {
  const one = z.strictObject(shapes(parts, true));
  const each = z.strictObject({
    each: z.string().regex(/^=/).describe('An expression that gives a list of texts.'),
    as: z.string().describe('The name of one of them in the expressions of item.'),
    item: one.describe('What is made of each.'),
  });
  return z.union([one, each]);
}
