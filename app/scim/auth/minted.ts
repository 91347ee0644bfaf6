/**
 * A bearer token that we make ourselves from name and password at the target (agileplace.md section 2). That it is made
 * once and shared is decided in `shared-token.ts`.
 */
import { TargetUnusable } from '../../errors.ts';
import type { BudgetedClient } from '../budget/budgeted-client.ts';
import type { Call } from '../target.ts';
import { basic, readSecret } from './authentication.ts';
import type { NewToken, TokenSource } from './shared-token.ts';

export type MintOptions = {
  readonly target: string;
  readonly client: BudgetedClient;
  /** Of the service: a token that was made at one is never shown to another. */
  readonly origin: string;
  /** Where tokens are made, from the root of the origin. */
  readonly path: string;
  readonly username: string;
  readonly password: () => string;
  /** What the target's list of tokens shows for ours. */
  readonly description: string;
};

export function minting(options: MintOptions): TokenSource {
  return {
    what: `the minted token for target ${options.target}`,
    madeFor: ['minted', options.origin, options.username],
    obtain: (call) => mintToken(options, call),
  };
}

/** @throws TargetUnusable where name and password are refused, or where no token comes back */
async function mintToken(options: MintOptions, call: Call): Promise<NewToken> {
  const what = `POST ${options.path} at ${options.target}`;
  const password = readSecret(`the password for target ${options.target}`, options.password);
  const answer = await options.client.send(
    {
      method: 'POST',
      path: options.path,
      what,
      writes: false,
      body: JSON.stringify({ description: options.description }),
      ...basic(options.username, password),
    },
    call,
  );
  if (answer.kind === 'unauthorized' || answer.kind === 'forbidden') {
    throw new TargetUnusable('unauthorized', `${what}: name and password were refused (${answer.status})`);
  }
  const { token, id } = answer.kind === 'resource' ? answer.body : {};
  if (typeof token !== 'string' || token === '') {
    throw new TargetUnusable('misconfigured', `${what}: no token came back (${answer.status})`);
  }
  const known = typeof id === 'string' || typeof id === 'number';
  return { text: token, id: known ? String(id) : null, expiresAt: null };
}
