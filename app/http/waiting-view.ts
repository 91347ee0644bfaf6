/** What waits for another person's account, as a caller is shown it. */
import * as z from 'zod';
import type { Waiting } from '../store/ports/index.ts';
import { waitingInWords } from '../sync/references.ts';
import { personKeySchema } from './schemas.ts';

export const waitingSchema = z
  .strictObject({
    attribute: z.string().describe('As SCIM writes it.'),
    from: z.string().describe('The attribute of the source that names the other person.'),
    person: personKeySchema.nullable().describe('Whose account it waits for; null: nobody known is named.'),
    words: z.string(),
  })
  .meta({ id: 'WaitsFor' });

export function waitingView(waiting: Waiting): z.infer<typeof waitingSchema> {
  return { ...waiting, words: waitingInWords(waiting) };
}
