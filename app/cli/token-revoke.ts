/**
 * `landbridge token revoke`: revokes tokens at the target by their ids. The one in use is spared unless that is wanted
 * expressly, and so are all where it cannot be told which that is.
 */
import type { Call, TokenInUse, TokensAtTarget } from '../scim/index.ts';
import { CannotStart } from './cannot-start.ts';
import { type AtTarget, atTarget, isExpected, tokensOf } from './token-at-target.ts';

type Revoke = AtTarget & { readonly ids: readonly string[]; readonly force: boolean };

/** @returns lines for the operator. @throws CannotStart where one could not be revoked, with what was done */
export async function revokeTargetTokens({ ids, force, ...ask }: Revoke): Promise<string> {
  return await atTarget(
    ask,
    () => null,
    async (target, call) => {
      const tokens = tokensOf(target);
      const objection = force ? null : objectionTo(ids, await tokens.inUse());
      if (objection !== null) throw new CannotStart(objection);
      return await revokeAll([...new Set(ids)], tokens, call);
    },
  );
}

function objectionTo(ids: readonly string[], inUse: TokenInUse): string | null {
  if (inUse.kind === 'none') return null;
  if (inUse.kind === 'unknown') {
    return 'Nothing was revoked: which token is in use cannot be told. With --force it is done all the same.';
  }
  if (!ids.includes(inUse.id)) return null;
  return `Nothing was revoked: ${inUse.id} is in use. Better: landbridge token mint --rotate. With --force it is revoked, and the next request gets another.`;
}

async function revokeAll(ids: readonly string[], tokens: TokensAtTarget, call: Call): Promise<string> {
  const lines: string[] = [];
  let failed = false;
  for (const id of ids) {
    try {
      const outcome = await tokens.revoke(id, call);
      failed ||= outcome === 'missing';
      lines.push(outcome === 'missing' ? `${id}: the target has no such token` : `${id}: revoked`);
    } catch (error) {
      if (!isExpected(error)) throw error;
      // What was done before has to be told, too.
      throw new CannotStart([...lines, `${id}: not revoked: ${error.message}`].join('\n'));
    }
  }
  if (failed) throw new CannotStart(lines.join('\n'));
  return lines.join('\n');
}
