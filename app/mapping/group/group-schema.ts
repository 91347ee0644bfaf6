/** The shape of a mapping file of groups, as a zod schema: its fields and their descriptions, nothing about meaning. */
import * as z from 'zod';
import { SOURCE_NAME } from '../../person/anchor.ts';
import { isFreeWord } from '../names.ts';
import { GROUP_TESTS } from '../samples/sample-schema.ts';
import { FREE_WORD_RULE, INCLUDE } from '../schema.ts';

const PLAIN_NAME_RULE = 'a name is a small letter followed by small letters, digits and "-"';
const name = (what: string) => z.string().regex(SOURCE_NAME, PLAIN_NAME_RULE).describe(what);

export const groupFileShape = z
  .strictObject({
    version: z.literal(1).describe('The version of this format: 1.'),
    source: name('A source of landbridge.yaml: where groups come from.'),
    target: name('A target of landbridge.yaml: where groups are kept.'),
    resource: z.literal('Group').describe('What is made of a group: Group.'),
    include: INCLUDE.optional(),
    match: z
      .array(z.enum(['externalId', 'displayName']))
      .min(1, 'is empty. Name externalId, displayName or both.')
      .describe('By which attributes, in this order, a group is looked for before one is made.'),
    tables: z.record(z.string().refine(isFreeWord, FREE_WORD_RULE), z.unknown()).optional(),
    scope: z
      .string()
      .optional()
      .describe('An expression that is true for each group that belongs in the target. Without it all do.'),
    environments: z.record(z.string(), z.unknown()).optional(),
    attributes: z
      .strictObject({
        displayName: z.string().describe('An expression: the name at the target.'),
        externalId: z.string().optional().describe('An expression: an id that the target keeps.'),
      })
      .describe('The attributes of the group.'),
    members: z
      .strictObject({
        nested: z.literal('flatten').optional().describe('Everybody below the group, each once.'),
        foreign: z
          .enum(['keep', 'remove'])
          .optional()
          .describe('What becomes of members that are no accounts of ours. Default: keep.'),
      })
      .optional(),
    lifecycle: z
      .strictObject({
        gone: z
          .enum(['leave', 'delete'])
          .optional()
          .describe('What becomes of a group that is gone at the source, or out of scope. Default: leave.'),
        protect: z.array(z.string()).optional().describe('Names of groups at the target, never written to.'),
      })
      .optional(),
    tests: GROUP_TESTS.optional(),
  })
  .describe('A mapping of groups: what the groups of a source are at one target.');

export type GroupFileShape = z.output<typeof groupFileShape>;
