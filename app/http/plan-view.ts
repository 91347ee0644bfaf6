/** A plan as a caller is shown it: paths as SCIM writes them, secrets blanked out. */
import * as z from 'zod';
import type { Plan } from '../plan/decision.ts';
import { formatPath, type Json } from '../scim/resource.ts';
import { shownAt, withoutSecrets } from './secret-names.ts';

export const planSchema = z
  .strictObject({
    action: z.enum(['none', 'create', 'adopt', 'update', 'reactivate', 'deactivate', 'delete', 'hold']),
    reason: z.string(),
    account: z.string().optional().describe('The id of the account at the target that would be written to.'),
    user: z.unknown().optional().describe('The new account, for a create.'),
    differences: z
      .array(z.strictObject({ path: z.string(), before: z.unknown(), after: z.unknown() }))
      .optional()
      .describe('What would be written, attribute by attribute; null where there is no value.'),
    kept: z
      .array(z.strictObject({ path: z.string(), has: z.unknown(), wanted: z.unknown() }))
      .optional()
      .describe(
        "What was changed at the target and stays, by the mapping's policy; absent where there is nothing.",
      ),
  })
  .meta({ id: 'Plan' });

type PlanView = {
  readonly action: Plan['action'];
  readonly reason: string;
  readonly account?: string;
  readonly user?: Json;
  readonly differences?: readonly { readonly path: string; readonly before: Json; readonly after: Json }[];
  readonly kept?: readonly { readonly path: string; readonly has: Json; readonly wanted: Json }[];
};

export function planView(plan: Plan): PlanView {
  const { action, reason } = plan;
  if (action === 'create') return { action, reason, user: withoutSecrets(plan.user) };
  if (action === 'delete') return { action, reason, account: plan.id };
  if (!('differences' in plan)) return { action, reason, ...keptView(plan) };
  const differences = plan.differences.map(({ path, before, after }) => ({
    path: formatPath(path),
    before: shownAt(path, before),
    after: shownAt(path, after),
  }));
  return { action, reason, account: plan.id, differences, ...keptView(plan) };
}

function keptView(plan: Plan): Pick<PlanView, 'kept'> {
  const kept = 'kept' in plan ? (plan.kept ?? []) : [];
  if (kept.length === 0) return {};
  return {
    kept: kept.map(({ difference: { path, before, after } }) => ({
      path: formatPath(path),
      has: shownAt(path, before),
      wanted: shownAt(path, after),
    })),
  };
}
