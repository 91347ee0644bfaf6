/**
 * `lifecycle` of a mapping file: what becomes of the accounts of those who leave, fall out of scope, are inactive or
 * come back, and who is never touched. Nothing but what stands there is ever deleted. Its shape is checked with the
 * whole file's (`schema.ts`); what is looked at here is whether it makes sense together.
 */
import * as z from 'zod';
import type { GroupRef } from '../person/entry.ts';
import { groupKeys } from './group-keys.ts';
import { type EndOfAccess, type LifecyclePolicy, USUAL_LIFECYCLE } from './policy.ts';
import type { Report } from './report.ts';
import { entryOf, type Located, plain } from './yaml-tree.ts';

const DELETE_AFTER = /^delete-after ([1-9][0-9]{0,3})d$/;
const HOW_TO_END =
  'must be deactivate, delete, leave, or delete-after with a number of days, as in delete-after 30d.';

const endOfAccess = z
  .string()
  .regex(/^(?:deactivate|delete|leave|delete-after [1-9][0-9]{0,3}d)$/, HOW_TO_END);
const names = z.array(z.string().regex(/\S/, 'is empty. Write a name, or take it out.'));

export const lifecycleSchema = z
  .strictObject({
    leaver: endOfAccess.optional().describe('What becomes of the account of somebody gone from the source.'),
    outOfScope: endOfAccess
      .optional()
      .describe('What becomes of the account of somebody who is not in the scope of the mapping any more.'),
    inactive: endOfAccess
      .optional()
      .describe('What becomes of the account of somebody in scope for whom active comes out false.'),
    newInactive: z
      .enum(['wait', 'create'])
      .optional()
      .describe('Whether somebody in scope who is not active gets an account, switched off. Default: wait.'),
    return: z
      .enum(['reactivate', 'hold'])
      .optional()
      .describe('What becomes of an account that is switched off when its owner is active again.'),
    protect: z
      .strictObject({
        userNames: names.optional().describe('Accounts that are never written to, whoever they belong to.'),
        groups: names
          .optional()
          .describe('Groups of the source, by name or DN: whoever is in one is never touched.'),
      })
      .optional()
      .describe('What is never touched.'),
  })
  .describe('What becomes of accounts whose owners leave or come back, and what is never touched.');

type LifecycleShape = z.output<typeof lifecycleSchema>;

export type Lifecycle = {
  readonly policy: LifecyclePolicy;
  /** Why somebody in these groups is never touched; null where they may be. */
  readonly protectedBy: (groups: readonly GroupRef[]) => string | null;
};

/** @param node what stands under `lifecycle`; a wrong shape is passed over, since it is reported already */
export function compileLifecycle(node: Located | undefined, report: Report): Lifecycle {
  const parsed = lifecycleSchema.safeParse(node === undefined ? {} : plain(node));
  const said: LifecycleShape = parsed.success ? parsed.data : {};
  const { protect = {} } = said;
  const usual = USUAL_LIFECYCLE;
  const policy: LifecyclePolicy = {
    leaver: endOf(said.leaver) ?? usual.leaver,
    outOfScope: endOf(said.outOfScope) ?? usual.outOfScope,
    inactive: endOf(said.inactive) ?? usual.inactive,
    newInactive: said.newInactive ?? usual.newInactive,
    return: said.return ?? usual.return,
    protectedUserNames: new Set((protect.userNames ?? []).map((name) => name.trim().toLowerCase())),
  };
  refuseToAndFro(policy, node, report);
  return { policy, protectedBy: protectorOf(protect.groups ?? []) };
}

function endOf(text: string | undefined): EndOfAccess | undefined {
  if (text === undefined) return undefined;
  const days = DELETE_AFTER.exec(text)?.[1];
  if (days !== undefined) return { kind: 'delete-after', days: Number(days) };
  return text === 'delete' || text === 'leave' ? { kind: text } : { kind: 'deactivate' };
}

/** An account that is made for somebody inactive and deleted since they are inactive would be made again. */
function refuseToAndFro(
  { newInactive, inactive }: LifecyclePolicy,
  node: Located | undefined,
  report: Report,
): void {
  const entry = entryOf(node, 'newInactive');
  if (entry === undefined || newInactive === 'wait' || inactive.kind === 'deactivate') return;
  const message =
    'create fits only inactive: deactivate; otherwise an account would be made, taken away and made again. ' +
    'Change one of the two.';
  report.problem(entry.keyAt, 'lifecycle.newInactive', message);
}

/** By name or DN, without case, as `inGroup` compares them. */
function protectorOf(groups: readonly string[]): Lifecycle['protectedBy'] {
  if (groups.length === 0) return () => null;
  return (memberOf) => {
    const keys = groupKeys(memberOf);
    const group = groups.find((name) => keys.has(name));
    return group === undefined ? null : `protected by the group ${group}`;
  };
}
