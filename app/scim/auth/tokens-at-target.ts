/**
 * The tokens that the target itself keeps of our account: lists and revokes them (agileplace.md section 2). The shape
 * of the list is not documented, so it is read leniently: bare or wrapped, ids as opaque text. The text of a token is
 * never read out of it.
 */
import { Refused, TargetUnusable } from '../../errors.ts';
import type { BudgetedClient, UsefulAnswer } from '../budget/budgeted-client.ts';
import { isJsonList, isJsonObject, type Json, type JsonObject } from '../resource.ts';
import type { Call } from '../target.ts';
import type { Credential } from './authentication.ts';
import type { KeptToken } from './kept-token.ts';
import type { SharedToken } from './shared-token.ts';

export type TokenAtTarget = {
  readonly id: string;
  /** The target's own words, empty where it has none. */
  readonly description: string;
  readonly createdOn: string;
};

/** Which token we use: `none` where none is kept, `unknown` where its id is not known. */
export type TokenInUse =
  | { readonly kind: 'known'; readonly id: string }
  | { readonly kind: 'none' }
  | { readonly kind: 'unknown' };

export type TokensAtTarget = {
  list(call: Call): Promise<readonly TokenAtTarget[]>;
  inUse(): Promise<TokenInUse>;
  /** One in use is forgotten as well, so that the next request gets another. */
  revoke(id: string, call: Call): Promise<'revoked' | 'missing'>;
};

export type TokensAtTargetOptions = {
  readonly target: string;
  readonly client: BudgetedClient;
  /** Where tokens are listed, from the root of the origin. */
  readonly path: string;
  readonly credential: (call: Call) => Promise<Credential>;
  /** null where the credential in use is no token of our own making. */
  readonly shared: SharedToken | null;
};

export function createTokensAtTarget(options: TokensAtTargetOptions): TokensAtTarget {
  const { shared } = options;
  const inUse = async (): Promise<TokenInUse> =>
    shared === null ? { kind: 'unknown' } : inUseOf(await shared.kept());
  return {
    inUse,
    async list(call) {
      const what = `GET ${options.path} at ${options.target}`;
      const answer = await ask('GET', options.path, what, options, call);
      return tokensIn(answer, what);
    },
    async revoke(id, call) {
      const what = `DELETE ${options.path}/ID at ${options.target}`;
      const used = await inUse();
      const answer = await ask('DELETE', `${options.path}/${encodeURIComponent(id)}`, what, options, call);
      if (answer.kind !== 'missing' && !carriedOut(answer)) throw notAnswered(answer, what);
      if (used.kind === 'known' && used.id === id) await shared?.forget();
      return answer.kind === 'missing' ? 'missing' : 'revoked';
    },
  };
}

function inUseOf(kept: KeptToken | null): TokenInUse {
  if (kept === null) return { kind: 'none' };
  return kept.id === null ? { kind: 'unknown' } : { kind: 'known', id: kept.id };
}

async function ask(
  method: 'GET' | 'DELETE',
  path: string,
  what: string,
  options: TokensAtTargetOptions,
  call: Call,
): Promise<UsefulAnswer> {
  const credential = await options.credential(call);
  return await options.client.send({ method, path, what, writes: false, ...credential }, call);
}

function carriedOut({ kind }: UsefulAnswer): boolean {
  return kind === 'resource' || kind === 'empty' || kind === 'unreadable';
}

function tokensIn(answer: UsefulAnswer, what: string): readonly TokenAtTarget[] {
  const listed =
    answer.kind === 'unreadable' ? answer.list : answer.kind === 'resource' ? listIn(answer.body) : undefined;
  if (listed === undefined) throw notAnswered(answer, what);
  return listed.flatMap(tokenIn);
}

/** The list in an answer that wraps it, under whatever name: no other list of objects is to be expected there. */
function listIn(body: JsonObject): readonly Json[] | undefined {
  const lists = Object.values(body).filter(isJsonList);
  return lists.find((list) => list.some(isJsonObject)) ?? lists[0];
}

function tokenIn(entry: Json): readonly TokenAtTarget[] {
  if (!isJsonObject(entry)) return [];
  const id = textOf(entry.id) || textOf(entry.tokenId);
  if (id === '') return [];
  return [{ id, description: textOf(entry.description), createdOn: textOf(entry.createdOn) }];
}

/** Without what would move the cursor of a terminal. */
function textOf(value: Json | undefined): string {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' ? value.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').trim() : '';
}

function notAnswered(answer: UsefulAnswer, what: string): TargetUnusable | Refused {
  switch (answer.kind) {
    case 'unauthorized':
      return new TargetUnusable('unauthorized', `${what}: our credential was refused (401)`);
    case 'resource':
    case 'empty':
    case 'unreadable':
      return new TargetUnusable('misconfigured', `${what}: no list of tokens came back (${answer.status})`);
    default:
      return new Refused(answer.status, answer.words);
  }
}
