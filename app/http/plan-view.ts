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
  })
  .meta({ id: 'Plan' });

type PlanView = {
  readonly action: Plan['action'];
  readonly reason: string;
  readonly account?: string;
  readonly user?: Json;
  readonly differences?: readonly { readonly path: string; readonly before: Json; readonly after: Json }[];
};

export function planView(plan: Plan): PlanView {
  const { action, reason } = plan;
  if (action === 'create') return { action, reason, user: withoutSecrets(plan.user) };
  if (!('differences' in plan)) return { action, reason };
  const differences = plan.differences.map(({ path, before, after }) => ({
    path: formatPath(path),
    before: shownAt(path, before),
    after: shownAt(path, after),
  }));
  return { action, reason, account: plan.id, differences };
}
