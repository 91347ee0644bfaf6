/**
 * Who we are to a target: puts together what its kind of credential needs. How each kind works stands in the file named
 * after it; nothing is decided here but what a token is shared under.
 */
import { TargetUnusable } from '../../errors.ts';
import type { Leases, TokenVault } from '../../store/ports/index.ts';
import type { BudgetedClient } from '../budget/budgeted-client.ts';
import type { Profile } from '../profiles/profile.ts';
import type { Call } from '../target.ts';
import { type ClientOptions, createClient } from '../wire/client.ts';
import { type Authentication, basic, readSecret } from './authentication.ts';
import { createBasicAuthentication } from './basic.ts';
import { createBearerAuthentication } from './bearer.ts';
import { minting } from './minted.ts';
import { type ClientCredentials, clientCredentials } from './oauth2.ts';
import { createSharedToken, type SharedToken, type SharedTokenOptions } from './shared-token.ts';
import { createTokensAtTarget, type TokensAtTarget } from './tokens-at-target.ts';

/** Where a token of our own is kept, and what keeps several processes from getting one each. */
type Sharing = { readonly vault: TokenVault; readonly leases: Leases };
type NameAndPassword = { readonly username: string; readonly password: () => string };

/** Secrets are functions, read at each use, so that a rotated one works without a restart. */
export type AuthOptions =
  | ({ readonly kind: 'basic' } & NameAndPassword)
  | { readonly kind: 'bearer'; readonly token: () => string }
  | ({ readonly kind: 'minted' } & NameAndPassword & Sharing)
  | ({ readonly kind: 'oauth2' } & ClientCredentials & Sharing);

export type SignInOptions = Omit<ClientOptions, 'timeoutMs'> & {
  readonly target: string;
  readonly profile: Profile;
  /** To the SCIM service. */
  readonly client: BudgetedClient;
  /** How long one request may take. */
  readonly timeoutMs: number;
  readonly now: () => Date;
  /** From 0 to 1. */
  readonly random: () => number;
};

export type SignIn = {
  readonly authentication: Authentication;
  /** Gets another token though one is kept. @returns the id of the old one, null where there is none or none is known */
  readonly renew: ((call: Call) => Promise<string | null>) | null;
  readonly tokens: TokensAtTarget | null;
  /** Closes what was opened for signing in. */
  close(): Promise<void>;
};

/** What getting a token may take beyond the request itself: asking once more, a full budget check, the vault. */
const SLACK_MS = 10_000;

export function signInWith(auth: AuthOptions, options: SignInOptions): SignIn {
  const { target } = options;
  switch (auth.kind) {
    case 'basic':
      return withoutOwnToken(auth, createBasicAuthentication({ ...auth, target }), options);
    case 'bearer':
      return withoutOwnToken(auth, createBearerAuthentication({ ...auth, target }), options);
    case 'minted': {
      const source = minting({
        ...auth,
        target,
        client: options.client,
        origin: options.origin,
        path: mintPathOf(options),
        description: 'Landbridge',
      });
      const shared = createSharedToken(source, sharing(auth, options));
      return {
        ...withOwnToken(shared),
        tokens: tokensAt(auth, shared, shared, options),
        close: async () => {},
      };
    }
    case 'oauth2': {
      const { origin } = new URL(auth.tokenUrl);
      const client = createClient({ ...options, origin, connections: 1 });
      const shared = createSharedToken(
        clientCredentials({ ...options, ...auth, client }),
        sharing(auth, options),
      );
      return { ...withOwnToken(shared), tokens: null, close: () => client.close() };
    }
  }
}

function withoutOwnToken(auth: AuthOptions, authentication: Authentication, options: SignInOptions): SignIn {
  const tokens = tokensAt(auth, authentication, null, options);
  return { authentication, renew: null, tokens, close: async () => {} };
}

function withOwnToken(shared: SharedToken): Pick<SignIn, 'authentication' | 'renew'> {
  return { authentication: shared, renew: async (call) => (await shared.renew(call))?.id ?? null };
}

function sharing({ vault, leases }: Sharing, options: SignInOptions): SharedTokenOptions {
  const { target, timeoutMs, now, random } = options;
  return { target, vault, leases, leaseMs: timeoutMs + SLACK_MS, now, random };
}

function mintPathOf({ target, profile: { mintPath, name } }: SignInOptions): string {
  if (mintPath !== null) return mintPath;
  throw new TargetUnusable(
    'misconfigured',
    `target ${target}: profile ${name} knows no way to mint a token; use another auth.kind`,
  );
}

/** By name and password where we have them: a token should not be needed to be rid of tokens. */
function tokensAt(
  auth: AuthOptions,
  authentication: Authentication,
  shared: SharedToken | null,
  { target, client, profile: { mintPath } }: SignInOptions,
): TokensAtTarget | null {
  if (mintPath === null) return null;
  const credential = async (call: Call) =>
    auth.kind === 'basic' || auth.kind === 'minted'
      ? basic(auth.username, readSecret(`the password for target ${target}`, auth.password))
      : await authentication.current(call);
  return createTokensAtTarget({ target, client, path: mintPath, credential, shared });
}
