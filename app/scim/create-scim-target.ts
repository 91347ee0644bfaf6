/**
 * Puts a SCIM 1.1 target together from its parts, outermost last: HTTP, budget, authentication, the Target contract.
 * Nothing is decided here but defaults.
 */
import { TargetUnusable } from '../errors.ts';
import type { Budgets, Leases, TokenVault } from '../store/ports/index.ts';
import { createAuthenticatedClient } from './auth/authenticated-client.ts';
import type { Authentication } from './auth/authentication.ts';
import { createBasicAuthentication } from './auth/basic.ts';
import { createBearerAuthentication } from './auth/bearer.ts';
import { createMintedAuthentication } from './auth/minted.ts';
import { type BudgetedClient, createBudgetedClient } from './budget/budgeted-client.ts';
import type { Profile } from './profiles/profile.ts';
import type { Call, Target } from './target.ts';
import { targetOver } from './users/scim-target.ts';
import { type ClientOptions, createClient } from './wire/client.ts';

/** Secrets are functions, read at each use, so that a rotated one works without a restart. */
export type AuthOptions =
  | { readonly kind: 'basic'; readonly username: string; readonly password: () => string }
  | { readonly kind: 'bearer'; readonly token: () => string }
  | {
      readonly kind: 'minted';
      readonly username: string;
      readonly password: () => string;
      readonly vault: TokenVault;
      readonly leases: Leases;
    };

export type ScimTargetOptions = Omit<ClientOptions, 'origin'> & {
  readonly name: string;
  readonly profile: Profile;
  /** `https://account.example/io/scim/v1` */
  readonly baseUrl: string;
  readonly auth: AuthOptions;
  readonly budgets: Budgets;
  /** Name of the request budget, where targets share a credential. Default: the target's name. */
  readonly credential?: string;
  readonly now: () => Date;
  /** From 0 to 1, for jitter. */
  readonly random: () => number;
};

export type ScimTarget = Target & {
  /** Makes sure that there is a credential to use: mints a token where none is kept. */
  signIn(call: Call): Promise<void>;
  /** Breaks off what is running and closes the connections. */
  close(): Promise<void>;
};

const DEFAULT_TIMEOUT_MS = 30_000;
/** What minting may take beyond the request itself: a full budget check, the vault, a slow store. */
const MINT_SLACK_MS = 10_000;

export function createScimTarget(options: ScimTargetOptions): ScimTarget {
  const { origin, pathname } = new URL(options.baseUrl);
  const http = createClient({ ...options, origin });
  const budgeted = createBudgetedClient({
    client: http,
    budgets: options.budgets,
    credential: options.credential ?? options.name,
    now: options.now,
    random: options.random,
  });
  const authentication = authenticationFor(options, budgeted);
  const target = targetOver({
    name: options.name,
    profile: options.profile,
    basePath: pathname.replace(/\/+$/, ''),
    client: createAuthenticatedClient(budgeted, authentication),
  });
  return {
    ...target,
    signIn: async (call) => {
      await authentication.current(call);
    },
    close: () => http.close(),
  };
}

function authenticationFor(options: ScimTargetOptions, client: BudgetedClient): Authentication {
  const { auth, name: target } = options;
  switch (auth.kind) {
    case 'basic':
      return createBasicAuthentication({ ...auth, target });
    case 'bearer':
      return createBearerAuthentication({ ...auth, target });
    case 'minted': {
      const { mintPath, name } = options.profile;
      if (mintPath === null) {
        throw new TargetUnusable(
          'misconfigured',
          `target ${target}: profile ${name} knows no way to mint a token; use basic or bearer`,
        );
      }
      const leaseMs = (options.timeoutMs ?? DEFAULT_TIMEOUT_MS) + MINT_SLACK_MS;
      return createMintedAuthentication({
        ...auth,
        target,
        client,
        path: mintPath,
        description: 'Landbridge',
        leaseMs,
      });
    }
  }
}
