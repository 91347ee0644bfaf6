/**
 * The shape of `tests` in a mapping file: a sample of what the source says, and exactly what comes of it. That a test
 * says one outcome, and what it is about can be, is decided here; whether it passes is `run-samples.ts`' matter.
 */
import * as z from 'zod';
import { toStableId } from '../../person/anchor.ts';

const NAME = z.string().regex(/\S/, 'is empty. Say what the test shows.').describe('What the test shows.');

const MOMENT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/;
const AT = z
  .string()
  .refine(
    (text) => MOMENT.test(text) && !Number.isNaN(Date.parse(text)),
    'must be a moment with its offset, as in 2026-03-01T12:00:00Z.',
  )
  .optional()
  .describe('The time it is, such as 2026-03-01T12:00:00Z. Needed where anything depends on it.');

const ENVIRONMENTS = z
  .array(z.string())
  .min(1, 'is empty. Name an environment, or take it out.')
  .optional()
  .describe('The environments that the test is about. Without it: all of them, and a mapping without any.');

const ID = z
  .union([z.string(), z.number()])
  .refine((id) => toStableId(String(id)) !== null, 'cannot serve as an id. Write a text or a number.')
  .describe('The stable id at the source.');

const ATTRIBUTES = z.record(z.string(), z.union([z.string(), z.array(z.string())]));

export const SAMPLE_PERSON = z
  .strictObject({
    id: ID,
    dn: z.string().optional().describe('Where the person stands in the directory.'),
    attributes: ATTRIBUTES.optional().describe(
      'What the source says: a value, or a list of them, under each name.',
    ),
    joined: z
      .record(z.string(), ATTRIBUTES)
      .optional()
      .describe(
        'What each source that the mapping joins says of the person; one that is left out has no record.',
      ),
    groups: z
      .array(z.union([z.string(), z.strictObject({ name: z.string(), dn: z.string() })]))
      .optional()
      .describe('Groups the person is in, each by its name, its DN, or { name, dn }.'),
  })
  .describe('A sample person.');

const OUT_OF_SCOPE = z.literal(true).optional().describe('It is out of the scope of the mapping.');
const FAILS = z
  .string()
  .regex(/\S/, 'is empty. Write a part of the message, such as no-userName.')
  .optional()
  .describe('It cannot be mapped; a part of the message that says why.');

type Outcomes = { readonly [outcome: string]: unknown };

/** A test says what comes of it once. */
function sayOneOutcome(outcomes: readonly string[]) {
  return (test: Outcomes, context: z.RefinementCtx): void => {
    const said = outcomes.filter((outcome) => test[outcome] !== undefined);
    if (said.length === 1) return;
    const [last, ...others] = [...outcomes].reverse();
    const choices = `${others.reverse().join(', ')} or ${last}`;
    const message =
      said.length === 0
        ? `says nothing of what comes of it. Add one of ${choices}.`
        : `says ${said.join(' and ')}, and only one of them can be. Keep one of ${choices}.`;
    context.addIssue({ code: 'custom', message });
  };
}

const PERSON_TEST = z
  .strictObject({
    name: NAME,
    environments: ENVIRONMENTS,
    at: AT,
    person: SAMPLE_PERSON,
    account: z.record(z.string(), z.unknown()).optional().describe('The exact account that comes of it.'),
    outOfScope: OUT_OF_SCOPE,
    protected: z.literal(true).optional().describe('The person is never touched.'),
    fails: FAILS,
    warnings: z
      .array(z.string())
      .optional()
      .describe('A part of each warning there is; [] for none. Without it warnings are not looked at.'),
  })
  .superRefine(sayOneOutcome(['account', 'outOfScope', 'protected', 'fails']));

/** `tests` of a mapping file of people. */
export const PERSON_TESTS = z
  .array(PERSON_TEST)
  .describe('Tests: a sample person in, the exact account out. They run before each start.');

const SAMPLE_GROUP = z
  .strictObject({
    id: ID,
    name: z.string().describe('Its name at the source.'),
    dn: z.string().optional().describe('Where it stands in the directory.'),
    members: z.int().min(0).optional().describe('How many members it names.'),
  })
  .describe('A sample group.');

const GROUP_TEST = z
  .strictObject({
    name: NAME,
    environments: ENVIRONMENTS,
    group: SAMPLE_GROUP,
    becomes: z
      .strictObject({ displayName: z.string(), externalId: z.string().optional() })
      .optional()
      .describe('Exactly what it is at the target.'),
    outOfScope: OUT_OF_SCOPE,
    fails: FAILS,
  })
  .superRefine(sayOneOutcome(['becomes', 'outOfScope', 'fails']));

/** `tests` of a mapping file of groups. */
export const GROUP_TESTS = z
  .array(GROUP_TEST)
  .describe('Tests: a sample group in, exactly what it becomes out. They run before each start.');

export type SampleAttributes = Readonly<Record<string, string | readonly string[]>>;

export type SamplePerson = {
  readonly id: string | number;
  readonly dn?: string | undefined;
  readonly attributes?: SampleAttributes | undefined;
  readonly joined?: Readonly<Record<string, SampleAttributes>> | undefined;
  readonly groups?: readonly (string | { readonly name: string; readonly dn: string })[] | undefined;
};
export type PersonTest = z.output<typeof PERSON_TEST>;
export type GroupTest = z.output<typeof GROUP_TEST>;
