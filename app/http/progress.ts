/** How far a set of marks has come: which target has served its mark, and with what result. */
import * as z from 'zod';
import type { PersonKey } from '../person/anchor.ts';
import type { DueMarks } from '../store/ports/index.ts';

export const progressSchema = z
  .strictObject({
    target: z.string(),
    state: z.enum(['due', 'done']).describe('due: still waits. done: served, by this work or by later work.'),
    outcome: z
      .enum(['done', 'unchanged', 'held', 'refused'])
      .optional()
      .describe(
        'How it ended: written, nothing to write, waits for an operator, or on the dead-letter list.',
      ),
    action: z.string().optional().describe('create, adopt, update, reactivate, deactivate, none or hold.'),
    reason: z.string().optional(),
    words: z.string().optional().describe("The hold's reason, or the target's own words."),
    accountId: z.string().optional(),
    at: z.string().optional(),
  })
  .meta({ id: 'Progress' });

export type Progress = z.infer<typeof progressSchema>;

/** @param marks which mark has to be served at which target */
export async function progressOf(
  key: PersonKey,
  marks: Readonly<Record<string, number>>,
  due: DueMarks,
): Promise<readonly Progress[]> {
  return await Promise.all(
    Object.entries(marks).map(async ([target, mark]): Promise<Progress> => {
      const served = await due.lastServed(target, key);
      if (served === null || served.seq < mark) return { target, state: 'due' };
      return {
        target,
        state: 'done',
        outcome: served.state,
        action: served.plan.action,
        reason: served.plan.reason,
        at: served.at,
        ...(served.words === undefined ? {} : { words: served.words }),
        ...(served.accountId === undefined ? {} : { accountId: served.accountId }),
      };
    }),
  );
}
