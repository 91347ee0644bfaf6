/**
 * A run as a caller is shown it. Runs over a source carry their state themselves. A reprovision only made somebody
 * due, so its state is read off what was served since: it runs until each target has served its mark.
 */
import * as z from 'zod';
import type { DueMarks, Run, RunState } from '../store/ports/index.ts';
import { type Progress, progressOf, progressSchema } from './progress.ts';
import { countsSchema, linkSchema, personKeySchema } from './schemas.ts';

export const RUN_KINDS = ['poll', 'sweep', 'reprovision', 'reconcile', 'guard'] as const;
export const RUN_STATES = [
  'running',
  'ok',
  'held',
  'released',
  'rejected',
  'expired',
  'superseded',
  'failed',
] as const;

export const runSchema = z
  .strictObject({
    id: z.string(),
    kind: z.enum(RUN_KINDS),
    state: z.enum(RUN_STATES),
    startedAt: z.string(),
    endedAt: z.string().optional(),
    source: z.string().optional(),
    target: z.string().optional(),
    tracking: z
      .string()
      .optional()
      .describe('For poll and sweep: how changes were followed, such as `content-sync` or `time-stamps`.'),
    notices: z
      .array(z.string())
      .optional()
      .describe(
        'For poll and sweep: what an operator should know although nothing is missing, such as why a better way to follow changes is not used.',
      ),
    reason: z
      .string()
      .optional()
      .describe('Why it is held or failed, or what it left out, in words for an operator.'),
    counts: countsSchema,
    releasable: z.boolean().optional().describe('Whether POST …/release and …/reject can decide about it.'),
    person: personKeySchema.optional(),
    actor: z.string().optional().describe('Who asked for it, or decided last about what it held.'),
    note: z.string().optional().describe('Their reason.'),
    targets: z.array(progressSchema).optional().describe('For a reprovision: how far it is at each target.'),
    _links: z.strictObject({
      self: linkSchema,
      holds: linkSchema.optional().describe('What waits in it.'),
      release: linkSchema.optional(),
      reject: linkSchema.optional(),
      person: linkSchema.optional(),
    }),
  })
  .meta({
    id: 'Run',
    example: {
      id: '0b9e5f0c-6c1e-4f0e-9d57-0d8b1a5f6f11',
      kind: 'sweep',
      state: 'held',
      startedAt: '2026-03-01T09:00:00.000Z',
      endedAt: '2026-03-01T09:00:04.000Z',
      source: 'corp',
      tracking: 'content-sync',
      notices: [],
      reason: '40 of 200 known people are missing, more than the 20 that may go by themselves',
      counts: { read: 160, missing: 40 },
      releasable: true,
      _links: {
        self: '/v1/runs/0b9e5f0c-6c1e-4f0e-9d57-0d8b1a5f6f11',
        holds: '/v1/runs/0b9e5f0c-6c1e-4f0e-9d57-0d8b1a5f6f11/holds',
        release: '/v1/runs/0b9e5f0c-6c1e-4f0e-9d57-0d8b1a5f6f11/release',
        reject: '/v1/runs/0b9e5f0c-6c1e-4f0e-9d57-0d8b1a5f6f11/reject',
      },
    },
  });

export async function runView(run: Run, deps: { readonly due: DueMarks }) {
  const { marks, ...shown } = run;
  const self = `/v1/runs/${encodeURIComponent(run.id)}`;
  if (run.person === undefined || marks === undefined) {
    const canDecide = run.state === 'held' && run.releasable === true;
    const decide = { holds: `${self}/holds`, release: `${self}/release`, reject: `${self}/reject` };
    return { ...shown, _links: { self, ...(canDecide ? decide : {}) } };
  }
  const targets = await progressOf(run.person, marks, deps.due);
  const person = `/v1/people/${encodeURIComponent(run.person)}`;
  return { ...shown, ...stateOf(targets), targets, _links: { self, person } };
}

function stateOf(targets: readonly Progress[]): { readonly state: RunState; readonly endedAt?: string } {
  if (targets.some(({ state }) => state === 'due')) return { state: 'running' };
  const outcomes = targets.map(({ outcome }) => outcome);
  const state = outcomes.includes('refused') ? 'failed' : outcomes.includes('held') ? 'held' : 'ok';
  const endedAt = targets
    .map(({ at }) => at ?? '')
    .sort()
    .at(-1);
  return { state, ...(endedAt === undefined ? {} : { endedAt }) };
}
