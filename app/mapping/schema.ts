/**
 * The shape of a mapping file, as a zod schema: its fields, their descriptions, and nothing about meaning. What the
 * attributes may be is the caller's: the loader looks at them itself (`compile-attributes.ts`), the JSON Schema for
 * editors spells them out (`json-schema.ts`).
 */
import * as z from 'zod';
import { SOURCE_NAME } from '../person/anchor.ts';
import { isAttributeName, isFreeWord } from './names.ts';

export const ATTRIBUTE_NAME_RULE =
  'an attribute name begins with a letter and has letters, digits, "-", "_", "." and ";" only';
export const FREE_WORD_RULE =
  'a name begins with a letter, has letters, digits and "_" only, and is no word of the expression language';
const PLAIN_NAME_RULE = 'a name is a small letter followed by small letters, digits and "-"';

export function mappingFileSchema<Attributes extends z.ZodType>(attributes: Attributes) {
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
      match: z
        .array(z.enum(['externalId', 'userName']))
        .min(1, 'is empty. Name externalId, userName or both.')
        .describe('By which attributes, in this order, an account is looked for before one is made.'),
      reads: z
        .record(z.string().refine(isAttributeName, ATTRIBUTE_NAME_RULE), z.enum(['string', 'string[]']))
        .describe(
          'Attributes of the source that expressions may read as e.<name>, written in any case. "string" takes the first value that is not blank, "string[]" all of them.',
        ),
      tables: z
        .record(z.string().refine(isFreeWord, FREE_WORD_RULE), z.record(z.string(), z.string()))
        .optional()
        .describe('Lookup tables for table("name", key, default). Keys are compared without case.'),
      vars: z
        .record(z.string().refine(isFreeWord, FREE_WORD_RULE), z.string())
        .optional()
        .describe('Expressions with a name, usable below as v.<name>.'),
      scope: z
        .string()
        .optional()
        .describe('An expression that is true for whoever belongs in the target. Without it everybody does.'),
      attributes: attributes.describe(
        'The attributes of the account. Text that begins with "=" is an expression; anything else is a constant.',
      ),
    })
    .describe('A mapping: what the account of a person looks like at one target.');
}

/** For the loader, which looks at the attributes itself. */
export const mappingFileShape = mappingFileSchema(z.record(z.string(), z.unknown()));

export type MappingFileShape = z.output<typeof mappingFileShape>;
