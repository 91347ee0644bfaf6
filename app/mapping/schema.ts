/**
 * The shape of a mapping file and of the fragments that it includes, as zod schemas: their fields, the descriptions, and
 * nothing about meaning. What attributes, tables and environments may be is the caller's: the loader looks at them
 * itself (`compile-attributes.ts`, `tables.ts`, `environments.ts`), the JSON Schema for editors spells them out
 * (`json-schema.ts`).
 */
import * as z from 'zod';
import { SOURCE_NAME } from '../person/anchor.ts';
import { lifecycleSchema } from './lifecycle.ts';
import { isAttributeName, isFreeWord } from './names.ts';
import { PERSON_TESTS } from './samples/sample-schema.ts';

export const ATTRIBUTE_NAME_RULE =
  'an attribute name begins with a letter and has letters, digits, "-", "_", "." and ";" only';
export const FREE_WORD_RULE =
  'a name begins with a letter, has letters, digits and "_" only, and is no word of the expression language';
export const ENVIRONMENT_NAME_RULE =
  'a name begins with a letter and has at most 64 letters, digits, "-" and "_"';
export const ENVIRONMENT_NAME = /^[A-Za-z][A-Za-z0-9_-]{0,63}$/;
const PLAIN_NAME_RULE = 'a name is a small letter followed by small letters, digits and "-"';

/** Schemas of what is not the same for everybody who needs the shape. */
export type Inner<Attributes extends z.ZodType, Table extends z.ZodType, Environment extends z.ZodType> = {
  readonly attributes: Attributes;
  readonly table: Table;
  readonly environment: Environment;
};

export const CSV_TABLE = z
  .strictObject({
    csv: z.string().describe('A CSV file with a header line, seen from the folder of this file.'),
    key: z.string().describe('The heading of the column with the keys.'),
    value: z.string().describe('The heading of the column with the values.'),
  })
  .describe('A table in a CSV file: UTF-8, parted by commas.');

export const WRITTEN_TABLE = z.record(z.string(), z.string()).describe('A table that is written out.');

/** What a fragment and an environment can have, and a mapping file as well. */
function sharedFields<A extends z.ZodType, T extends z.ZodType>(attributes: A, table: T) {
  return {
    tables: z
      .record(z.string().refine(isFreeWord, FREE_WORD_RULE), table)
      .optional()
      .describe(
        'Lookup tables for lookup("name", key, default), written out or in a CSV file. Keys are compared without case.',
      ),
    vars: z
      .record(z.string().refine(isFreeWord, FREE_WORD_RULE), z.string())
      .optional()
      .describe('Expressions with a name, usable below as v.<name>.'),
    lifecycle: lifecycleSchema.optional(),
    attributes: attributes.describe(
      'The attributes of the account. Text that begins with "=" is an expression; anything else is a constant.',
    ),
  };
}

export const INCLUDE = z
  .array(z.string())
  .describe(
    'Fragments: files with tables, vars, attributes and lifecycle that are laid under this one, seen from its folder. Later ones win over earlier ones, and this file over them.',
  );

const MATCH = z
  .array(z.enum(['externalId', 'userName', 'mail']))
  .min(1, 'is empty. Name externalId, userName or both.')
  .describe(
    'By which attributes, in this order, an account is looked for before one is made; mail: by the address under emails that is primary, else the first.',
  );

const READS = z
  .record(z.string().refine(isAttributeName, ATTRIBUTE_NAME_RULE), z.enum(['string', 'string[]']))
  .optional()
  .describe(
    'The only attributes of the source that may be read, as e.<name>, written in any case. "string" takes the first value that is not blank, "string[]" all of them. Without this list any attribute may be read.',
  );

const SCOPE = z
  .string()
  .optional()
  .describe('An expression that is true for whoever belongs in the target. Without it everybody does.');

const JOIN = z
  .strictObject({
    on: z.string().describe('The attribute of source that says who it is at this one.'),
    to: z
      .string()
      .describe('What that is held against there: id, mail, employeeNumber, uid or another name.'),
  })
  .describe('How the record of the same person is found there.');

export function mappingFileSchema<A extends z.ZodType, T extends z.ZodType, E extends z.ZodType>({
  attributes,
  table,
  environment,
}: Inner<A, T, E>) {
  return z
    .strictObject({
      version: z.literal(1).describe('The version of this format: 1.'),
      source: z
        .string()
        .regex(SOURCE_NAME, PLAIN_NAME_RULE)
        .describe('A source of landbridge.yaml: where people come from.'),
      target: z
        .string()
        .regex(SOURCE_NAME, PLAIN_NAME_RULE)
        .describe('A target of landbridge.yaml: where accounts are kept.'),
      resource: z.literal('User').describe('What is made of a person: User.'),
      include: INCLUDE.optional(),
      join: z
        .record(z.string().regex(SOURCE_NAME, PLAIN_NAME_RULE), JOIN)
        .optional()
        .describe('Further sources that say something of the same people.'),
      precedence: z
        .array(z.string())
        .min(1, 'is empty. Name sources, or take it out.')
        .optional()
        .describe(
          'Whose value counts where several sources have one: the first of these. Without it: source, then those under join.',
        ),
      match: MATCH,
      reads: READS,
      scope: SCOPE,
      environments: z
        .record(z.string().regex(ENVIRONMENT_NAME, ENVIRONMENT_NAME_RULE), environment)
        .optional()
        .describe(
          'What differs in each environment, laid over this file. Which one counts is chosen by environment in landbridge.yaml, or by LANDBRIDGE_ENVIRONMENT.',
        ),
      ...sharedFields(attributes, table),
      tests: PERSON_TESTS.optional(),
    })
    .describe('A mapping: what the account of a person looks like at one target.');
}

export function fragmentSchema<A extends z.ZodType, T extends z.ZodType>(attributes: A, table: T) {
  return z
    .strictObject({ include: INCLUDE.optional(), ...sharedFields(attributes.optional(), table) })
    .describe('A fragment: a part that several mappings include.');
}

export function environmentSchema<A extends z.ZodType, T extends z.ZodType>(attributes: A, table: T) {
  return z
    .strictObject({
      match: MATCH.optional(),
      reads: READS,
      scope: SCOPE,
      ...sharedFields(attributes.optional(), table),
    })
    .describe('What differs in this environment.');
}

const ANY_ATTRIBUTES = z.record(z.string(), z.unknown());

/** For the loader, which looks at attributes, tables and environments itself. */
export const mappingFileShape = mappingFileSchema({
  attributes: ANY_ATTRIBUTES,
  table: z.unknown(),
  environment: z.unknown(),
});
export const fragmentShape = fragmentSchema(ANY_ATTRIBUTES, z.unknown());

export const FRAGMENT_KEYS: readonly string[] = Object.keys(fragmentShape.shape);
export const ENVIRONMENT_KEYS: readonly string[] = Object.keys(
  environmentSchema(ANY_ATTRIBUTES, z.unknown()).shape,
);

export type MappingFileShape = z.output<typeof mappingFileShape>;
