/** A removal that waits for an operator, as a caller is shown it: whom, what would be done, why, since when, until when. */
import * as z from 'zod';
import { isGroupKey } from '../person/anchor.ts';
import type { ListedHold } from '../store/ports/index.ts';
import { type ReviewDeps, reviewHold } from '../sync/held-removal.ts';
import { linkSchema, personKeySchema } from './schemas.ts';

export const holdSchema = z
  .strictObject({
    person: personKeySchema.describe('Whom it is about; `group/source:id` for a group of the source.'),
    name: z.string().optional().describe('Their name at the source; for tokens with the scope `read` alone.'),
    target: z.string(),
    state: z.enum(['waiting', 'rejected']),
    action: z
      .string()
      .describe('What would be done now: `deactivate`, `delete`; `none` where nothing is needed any more.'),
    why: z.string().describe('Why it would be done.'),
    since: z.string(),
    expires: z
      .string()
      .optional()
      .describe('While it waits: when the hold ends by itself, and the account stays.'),
    decided: z
      .strictObject({ by: z.string(), at: z.string(), reason: z.string() })
      .optional()
      .describe('Who has rejected it.'),
    run: z.string().describe('The run that holds it, or held it when it was rejected.'),
    _links: z.strictObject({ run: linkSchema, person: linkSchema.optional() }),
  })
  .meta({
    id: 'Hold',
    example: {
      person: 'corp:1001',
      name: 'Ada Byron',
      target: 'agileplace',
      state: 'waiting',
      action: 'deactivate',
      why: 'deleted',
      since: '2026-03-01T09:00:00.000Z',
      expires: '2026-03-08T09:00:00.000Z',
      run: '0b9e5f0c-6c1e-4f0e-9d57-0d8b1a5f6f11',
      _links: {
        run: '/v1/runs/0b9e5f0c-6c1e-4f0e-9d57-0d8b1a5f6f11',
        person: '/v1/people/corp%3A1001',
      },
    },
  });

/** @param named whether whoever asks may read what people are called */
export async function holdView(hold: ListedHold, named: boolean, deps: ReviewDeps) {
  const reviewed = await reviewHold(hold, named, deps);
  const { key } = hold.removal;
  const person = isGroupKey(key) ? {} : { person: `/v1/people/${encodeURIComponent(key)}` };
  return { ...reviewed, _links: { run: `/v1/runs/${encodeURIComponent(hold.run)}`, ...person } };
}
