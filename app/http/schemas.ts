/** Shapes that several routes share, with the words and examples that the published description shows. */
import * as z from 'zod';

export const personKeySchema = z
  .string()
  .meta({ description: 'A person: source and stable id.', example: 'hr:1001' });

export const linkSchema = z.string().meta({ description: 'Where more is to be read.' });

export const countsSchema = z.record(z.string(), z.number());

export const limitSchema = z.coerce
  .number('must be a whole number.')
  .int('must be a whole number.')
  .min(1, 'must be 1 or more.')
  .max(500, 'must be 500 or less.')
  .default(50)
  .describe('How many at most.');

export const problemSchema = z
  .strictObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    errors: z
      .array(z.strictObject({ field: z.string(), message: z.string() }))
      .optional()
      .describe('The fields that are wrong, and how to mend each.'),
    people: z.array(z.string()).optional().describe('Keys to choose from, where several people are meant.'),
  })
  .meta({
    id: 'Problem',
    description: 'What went wrong, as RFC 9457 has it.',
    example: {
      type: 'urn:landbridge:problem:not-found',
      title: 'There is no such thing',
      status: 404,
      detail: 'There is no run with that id. Runs are kept for 30 days.',
    },
  });

/** A text of a caller's that becomes part of a key or of a log line. */
export function plainText(longest: number) {
  const what = `must be text of 1 to ${longest} characters, without control characters.`;
  return (
    z
      .string(what)
      .min(1, what)
      .max(longest, what)
      // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what we refuse
      .regex(/^[^\u0000-\u001f\u007f]*$/, what)
  );
}
