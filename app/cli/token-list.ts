/** `landbridge token list`: which tokens the target keeps of our account, and which of them is in use. */
import type { TokenAtTarget, TokenInUse } from '../scim/index.ts';
import { table } from './table.ts';
import { type AtTarget, atTarget, tokensOf } from './token-at-target.ts';

const HEAD = ['id', 'made', 'description', ''];

/** @returns lines for the operator. @throws CannotStart where the list cannot be had, with the reason */
export async function listTargetTokens(ask: AtTarget): Promise<string> {
  return await atTarget(
    ask,
    () => null,
    async (target, call) => {
      const tokens = tokensOf(target);
      const listed = await tokens.list(call);
      return describeTokens(target.name, listed, await tokens.inUse());
    },
  );
}

function describeTokens(target: string, listed: readonly TokenAtTarget[], inUse: TokenInUse): string {
  if (listed.length === 0) return `target ${target} keeps no token of this account`;
  const isUsed = ({ id }: TokenAtTarget) => inUse.kind === 'known' && inUse.id === id;
  const rows = listed.map((token) => [
    token.id,
    token.createdOn,
    token.description,
    isUsed(token) ? 'in use' : '',
  ]);
  const found = listed.some(isUsed);
  return [...table(HEAD, rows), ...(found ? [] : ['', NOT_FOUND[inUse.kind]])].join('\n');
}

const NOT_FOUND: Readonly<Record<TokenInUse['kind'], string>> = {
  known: 'The one in use is not among them.',
  none: 'None is in use: no token is kept yet.',
  unknown: 'Which of them is in use cannot be told, since its id is not known.',
};
