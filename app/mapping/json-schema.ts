/**
 * The JSON Schemas of mapping files and of the fragments that they include, for completion in editors: the schemas of
 * the files, with every attribute that we know and the options that go with it.
 */
import * as z from 'zod';
import { groupFileShape } from './group/group-schema.ts';
import { CSV_TABLE, environmentSchema, fragmentSchema, mappingFileSchema, WRITTEN_TABLE } from './schema.ts';
import {
  type AttributeSchema,
  CORE_ATTRIBUTES,
  KNOWN_EXTENSIONS,
  NAMING,
  type Parts,
  type SimpleType,
} from './user-schema.ts';

/** JSON Schema (draft 2020-12) of the mapping file. */
export function mappingFileJsonSchema(): object {
  const environment = environmentSchema(ATTRIBUTES, TABLE);
  return asJsonSchema(mappingFileSchema({ attributes: ATTRIBUTES, table: TABLE, environment }));
}

/** JSON Schema (draft 2020-12) of a fragment. */
export function fragmentJsonSchema(): object {
  return asJsonSchema(fragmentSchema(ATTRIBUTES, TABLE));
}

/** JSON Schema (draft 2020-12) of the mapping file of groups. */
export function groupFileJsonSchema(): object {
  return asJsonSchema(groupFileShape);
}

function asJsonSchema(schema: z.ZodType): object {
  return z.toJSONSchema(schema, { io: 'input' });
}

const TABLE = z.union([CSV_TABLE, WRITTEN_TABLE]);

function attributesSchema(): z.ZodType {
  const extensions = [...KNOWN_EXTENSIONS].map(
    ([urn, parts]) => [urn, z.strictObject(shapes(parts)).optional()] as const,
  );
  return z
    .object({ ...shapes(CORE_ATTRIBUTES), ...Object.fromEntries(extensions) })
    .catchall(z.record(z.string(), z.unknown()).describe('An extension, under its URN.'));
}

/** @param inList no item of a list can refer to another account, or be kept otherwise than the list */
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
      return list(schema.parts).describe(schema.description);
  }
}

const EXPRESSION = z.string().regex(/^\s*=/);

const ACTIVE = z.strictObject({
  value: z.union([EXPRESSION, z.boolean()]).describe('An expression that is true for whoever has access.'),
  required: z.literal(true).optional().describe('It always is.'),
  optional: z
    .array(z.string())
    .optional()
    .describe('Attributes whose absence has a meaning; every other one must be there for active to be told.'),
});

/** How an attribute is kept at the target (`policy.ts`). */
const KEEPING = {
  when: z
    .enum(['always', 'create-only', 'if-empty'])
    .optional()
    .describe('When it is sent: whenever it differs, at creation only, or while the account has no value.'),
  owner: z
    .enum(['source', 'target', 'first-writer'])
    .optional()
    .describe('Whose value counts where both have one.'),
  drift: z
    .enum(['force', 'keep', 'report'])
    .optional()
    .describe(
      'What becomes of a value that was changed at the target: ours again, left, or left and listed.',
    ),
  onEmpty: z
    .enum(['clear', 'leave'])
    .optional()
    .describe('What becomes of a value that we gave and the source has no longer.'),
  sensitive: z.boolean().optional().describe('Whether its values are never shown or logged.'),
};

const REFERENCE = z.strictObject({
  accountOf: z
    .string()
    .describe(
      'An attribute of the source that names a person: the value is the id of their account at the target.',
    ),
});

type Leaf = {
  readonly type: SimpleType;
  /** Whether it may hold the id of another account. */
  readonly mayRefer: boolean;
  /** Whether it says how it is kept; a part of an item does not. */
  readonly isKept: boolean;
};

function leafOf({ type, mayRefer, isKept }: Leaf): z.ZodType {
  const value = type === 'boolean' ? z.union([EXPRESSION, z.boolean()]) : z.string();
  const options = z.strictObject({
    value: value.optional().describe('An expression or a constant.'),
    from: z.string().optional().describe('Instead of value: the attribute of the source that is copied.'),
    precedence: z
      .array(z.string())
      .optional()
      .describe('Beside from: the sources whose value counts, the first one best.'),
    required: z.boolean().optional().describe('Without this value the person is not written at all.'),
    default: value.optional().describe('What there is instead where the value comes out blank.'),
    ...(isKept ? KEEPING : {}),
  });
  return z.union(mayRefer ? [value, options, REFERENCE] : [value, options]);
}

/** Each stands once in the schema, since there are a hundred attributes; the ids name them there. */
const LEAVES = {
  active: z.union([EXPRESSION, z.boolean(), ACTIVE]).meta({ id: 'active' }),
  name: leafOf({ type: 'string', mayRefer: false, isKept: true }).meta({ id: 'name' }),
  text: leafOf({ type: 'string', mayRefer: true, isKept: true }).meta({ id: 'text' }),
  flag: leafOf({ type: 'boolean', mayRefer: false, isKept: true }).meta({ id: 'flag' }),
  textOfItem: leafOf({ type: 'string', mayRefer: false, isKept: false }).meta({ id: 'textOfItem' }),
  flagOfItem: leafOf({ type: 'boolean', mayRefer: false, isKept: false }).meta({ id: 'flagOfItem' }),
};

function leaf(name: string, type: SimpleType, inList: boolean): z.ZodType {
  if (name === 'active' && !inList) return LEAVES.active;
  if (type === 'boolean') return inList ? LEAVES.flagOfItem : LEAVES.flag;
  if (inList) return LEAVES.textOfItem;
  return NAMING.has(name) ? LEAVES.name : LEAVES.text;
}

function list(parts: Parts): z.ZodType {
  const one = z.strictObject(shapes(parts, true));
  const each = z.strictObject({
    each: EXPRESSION.describe('An expression that gives a list of texts.'),
    as: z.string().describe('The name of one of them in the expressions of item.'),
    item: one.describe('What is made of each.'),
  });
  const items = z.array(z.union([one, each]));
  return z.union([items, z.strictObject({ items: items.describe('The items of the list.'), ...KEEPING })]);
}

const ATTRIBUTES = attributesSchema().meta({ id: 'attributes' });
