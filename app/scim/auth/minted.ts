/**
 * A bearer token that we mint ourselves from name and password, and keep in a vault (agileplace.md section 2).
 *
 * However many processes need one, one of them mints it: under a lease, after a second look into the vault. The others
 * wait and take what it put there (O-19 a). A token is thrown away only by whoever was refused with that very token.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { TargetUnavailable, TargetUnusable } from '../../errors.ts';
import type { Lease, Leases, TokenVault } from '../../store/ports/index.ts';
import type { BudgetedClient } from '../budget/budgeted-client.ts';
import type { Call } from '../target.ts';
import { type Authentication, basic, bearer, readSecret } from './authentication.ts';

export type MintOptions = {
  readonly target: string;
  readonly client: BudgetedClient;
  /** Where tokens are made, from the root of the origin. */
  readonly path: string;
  readonly username: string;
  readonly password: () => string;
  /** What the target's list of tokens shows for ours. */
  readonly description: string;
};

export type MintedOptions = MintOptions & {
  readonly vault: TokenVault;
  readonly leases: Leases;
  /** Longer than one request may take. */
  readonly leaseMs: number;
};

const LOOK_AGAIN_MS = 250;

export function createMintedAuthentication(options: MintedOptions): Authentication {
  const credentialOf = (token: string) => bearer(`the minted token for target ${options.target}`, token);
  return {
    current: async (call) => credentialOf(await tokenOtherThan(null, options, call)),
    replacement: async (refused, call) =>
      credentialOf(await tokenOtherThan(refused.authorization.slice('Bearer '.length), options, call)),
  };
}

/**
 * Asks the target for a new token.
 * @throws TargetUnusable where name and password are refused, or where no token comes back
 */
export async function mintToken(options: MintOptions, call: Call): Promise<string> {
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
  const token = answer.kind === 'resource' ? answer.body.token : undefined;
  if (typeof token !== 'string' || token === '') {
    throw new TargetUnusable('misconfigured', `${what}: no token came back (${answer.status})`);
  }
  // Before it is kept: a token that cannot be sent would be found in the vault for ever.
  bearer(`the token from ${what}`, token);
  return token;
}

async function tokenOtherThan(refused: string | null, options: MintedOptions, call: Call): Promise<string> {
  const name = `mint:${options.target}`;
  for (let waited = 0; waited <= options.leaseMs; waited += LOOK_AGAIN_MS) {
    const kept = await keptToken(refused, options);
    if (kept !== null) return kept;
    const lease = await options.leases.acquire(name, options.leaseMs);
    if (lease !== null) return await mintUnder(lease, refused, options, call);
    await sleep(LOOK_AGAIN_MS, undefined, { signal: call.signal }).catch(() => {
      throw new TargetUnavailable(`${options.target}: we stopped waiting for a token`);
    });
  }
  throw new TargetUnavailable(`${options.target}: another process has not finished minting a token`);
}

async function mintUnder(
  lease: Lease,
  refused: string | null,
  options: MintedOptions,
  call: Call,
): Promise<string> {
  const { vault, leases, target } = options;
  try {
    // Somebody may have minted between our look into the vault and our lease.
    const kept = await keptToken(refused, options);
    if (kept !== null) return kept;
    if (refused !== null) await vault.remove(target);
    const token = await mintToken(options, call);
    await vault.write(target, token);
    return token;
  } finally {
    await leases.release(lease);
  }
}

async function keptToken(refused: string | null, options: MintedOptions): Promise<string | null> {
  const token = await options.vault.read(options.target);
  return token === refused || token === '' ? null : token;
}
