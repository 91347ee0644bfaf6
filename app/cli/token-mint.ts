/**
 * `landbridge token mint`: makes sure that a target's token is there before the first person is written, so that a
 * wrong password shows now; or gets another one and has the old one revoked. The token goes to where the configuration
 * keeps it and is never printed.
 */
import type { TargetConfig } from '../config/index.ts';
import type { Call, ScimTarget } from '../scim/index.ts';
import { CannotStart } from './cannot-start.ts';
import { type AtTarget, atTarget, isExpected } from './token-at-target.ts';

type Mint = AtTarget & { readonly rotate: boolean };

const NO_REDIS = [
  'Minting needs Redis, so that only one process does it, and REDIS_URL is not set.',
  'A running landbridge dev (npm start) brings its own Redis and mints by itself before its first request to the target: nothing needs to be done.',
  'To mint by hand, set REDIS_URL to the Redis that Landbridge uses.',
].join(' ');

/** @returns a line for the operator. @throws CannotStart where no token can be had, with the reason */
export async function mintTargetToken({ rotate, ...ask }: Mint): Promise<string> {
  let place = '';
  const check = ({ auth }: TargetConfig): string | null => {
    if (auth.kind !== 'minted' && auth.kind !== 'oauth2') {
      return `Target ${ask.target} gets no token of its own: its auth.kind is ${auth.kind}. Set it to minted or oauth2.`;
    }
    place = auth.keep.kind === 'file' ? `in ${auth.keep.path}` : 'in Redis, encrypted';
    return null;
  };
  return await atTarget(
    ask,
    check,
    async (target, call) => {
      if (rotate) return await rotated(target, place, call);
      await target.signIn(call);
      return `target ${target.name} has a token; it is kept ${place}`;
    },
    NO_REDIS,
  );
}

/** The old one goes last: until the new one is kept, it is what everybody works with. */
async function rotated(target: ScimTarget, place: string, call: Call): Promise<string> {
  const { name, tokens } = target;
  const before = (await tokens?.inUse())?.kind ?? 'unlisted';
  const old = (await target.renewToken?.(call)) ?? null;
  const done = `target ${name} has a new token; it is kept ${place}`;
  if (old === null) return `${done}${WITHOUT_ID[before](name)}`;
  try {
    await tokens?.revoke(old, call);
    return `${done}; the old one (${old}) is revoked`;
  } catch (error) {
    if (!isExpected(error)) throw error;
    throw new CannotStart(
      `${done}, but the old one (${old}) is not revoked: ${error.message}. Try later: landbridge token revoke ${name} ${old}`,
    );
  }
}

const WITHOUT_ID = {
  none: () => '',
  // Another process may have thrown it away meanwhile, as refused.
  known: () => '',
  unknown: (name: string) => `; the id of the old one is not known: look at landbridge token list ${name}`,
  unlisted: () => '; the old one runs out by itself',
} as const;
