/** The event as a sender writes it, and the receipt they get. Values are never quoted in a message. */
import * as z from 'zod';
import { toStableId } from '../../person/anchor.ts';
import { isSecretName } from '../../person/secret-names.ts';
import { progressSchema } from '../progress.ts';
import { linkSchema, personKeySchema, plainText } from '../schemas.ts';

/** A clock that is wrong by more would make every later event look old. */
const LONGEST_AHEAD_MS = 24 * 3600 * 1000;
const MAX_ATTRIBUTES = 500;

const ID_MESSAGE =
  'must be the unchanging id of the person: text of 1 to 256 characters, not a name or mail.';

const subjectSchema = z
  .string(ID_MESSAGE)
  .transform((text, context) => {
    const id = toStableId(text);
    if (id !== null) return id;
    context.addIssue({ code: 'custom', message: ID_MESSAGE });
    return z.NEVER;
  })
  .describe('The stable id of the person: what never changes, such as an employee number.');

const VALUE_MESSAGE = 'must be text, a list of texts, a number, true or false. Leave out what has no value.';

const attributesSchema = z
  .record(
    plainText(128),
    z.union([z.string(), z.array(z.string()), z.number(), z.boolean()], VALUE_MESSAGE),
    'must be an object of attribute names and values.',
  )
  .superRefine((attributes, context) => {
    const names = Object.keys(attributes);
    if (names.length > MAX_ATTRIBUTES) {
      context.addIssue({
        code: 'custom',
        message: `has more than ${MAX_ATTRIBUTES} attributes. Send those that are mapped.`,
      });
    }
    for (const name of names.filter(isSecretName)) {
      const message = 'is a password, and passwords are not taken in. Leave it out.';
      context.addIssue({ code: 'custom', path: [name], message });
    }
  })
  .describe('Every attribute of the person. Numbers, true and false become text.');

const TIME_MESSAGE = 'must be a time as in 2026-03-01T09:00:00Z.';

/** @param now for telling a sender's wrong clock */
export function eventBody(now: () => Date) {
  return z
    .strictObject({
      id: plainText(200).describe('The id of the event, unlike that of any other event of this source.'),
      source: plainText(63).describe('A source of kind events in landbridge.yaml.'),
      type: z.enum(
        ['person.created', 'person.updated', 'person.deleted'],
        'must be person.created, person.updated or person.deleted.',
      ),
      subject: subjectSchema,
      time: z.iso
        .datetime({ offset: true, error: TIME_MESSAGE, abort: true })
        .refine((time) => Date.parse(time) - now().getTime() < LONGEST_AHEAD_MS, {
          error: 'is more than a day ahead. Correct the clock of the sender.',
          abort: true,
        })
        .transform((time) => new Date(time).toISOString())
        .describe('When it happened, ISO 8601.'),
      sequence: z
        .int('must be a whole number.')
        .min(0, 'must be 0 or more.')
        .optional()
        .describe(
          "Where the event stands in the person's history. Decides before `time` where both have one.",
        ),
      data: z
        .strictObject({ attributes: attributesSchema }, 'must be an object with attributes.')
        .optional()
        .describe('Needed for created and updated; not looked at for deleted.'),
    })
    .superRefine(({ type, data }, context) => {
      if (type === 'person.deleted' || data !== undefined) return;
      const message = `is missing: ${type} carries every attribute of the person.`;
      context.addIssue({ code: 'custom', path: ['data'], message });
    })
    .meta({ id: 'Event' });
}

export type EventBody = z.output<ReturnType<typeof eventBody>>;

export const receiptSchema = z
  .strictObject({
    id: z.string(),
    state: z
      .enum(['received', 'due', 'done', 'stale'])
      .describe(
        'received: stored, but no mapping leads from this source to a target. due: waits at a target. ' +
          'done: every target was served. stale: something newer was known already.',
      ),
    person: personKeySchema,
    result: z.enum(['accepted', 'unchanged', 'stale']).describe('What the event changed in what is known.'),
    receivedAt: z.string(),
    targets: z.array(progressSchema).optional(),
    _links: z.strictObject({ self: linkSchema, person: linkSchema }),
  })
  .meta({
    id: 'Receipt',
    example: {
      id: 'evt-20260301-0001',
      state: 'done',
      person: 'hr:1001',
      result: 'accepted',
      receivedAt: '2026-03-01T09:00:00.000Z',
      targets: [
        {
          target: 'agileplace',
          state: 'done',
          outcome: 'done',
          action: 'update',
          reason: 'changed',
          accountId: '10101',
          at: '2026-03-01T09:00:02.000Z',
        },
      ],
      _links: { self: '/v1/events/evt-20260301-0001', person: '/v1/people/hr%3A1001' },
    },
  });

export const eventAddress = z.strictObject({ id: plainText(200).describe('The id of the event.') });

export const eventSource = z.strictObject({
  source: plainText(63).optional().describe('Needed only where two sources use the same event ids.'),
});

export const eventExamples = {
  updated: {
    id: 'evt-20260301-0001',
    source: 'hr',
    type: 'person.updated',
    subject: '1001',
    time: '2026-03-01T09:00:00Z',
    sequence: 2,
    data: {
      attributes: { givenName: 'Ada', sn: 'Byron', mail: 'ada.byron@example.test', department: 'Engines' },
    },
  },
  deleted: {
    id: 'evt-20260301-0002',
    source: 'hr',
    type: 'person.deleted',
    subject: '1001',
    time: '2026-03-01T17:00:00Z',
    sequence: 3,
  },
};
