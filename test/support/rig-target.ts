/** The rig's target: the SCIM client for a sandbox, and what it signs in with. */
import { type AuthOptions, createScimTarget, profileNamed, type ScimTarget } from '../../app/scim/index.ts';
import type { Store } from '../../app/store/connection.ts';
import { createSealedTokens } from '../../app/store/sealed-tokens.ts';
import type { Stores } from '../../app/store/stores.ts';
import type { Sandbox } from './sandbox.ts';

type TargetParts = {
  readonly name: string;
  readonly profile: string;
  readonly auth: AuthOptions;
  readonly stores: Stores;
  readonly timeoutMs: number;
  readonly now: () => Date;
};

/** The SCIM client of the sandbox. */
export function targetOf(
  { baseUrl }: Sandbox,
  { profile: profileName, stores, ...given }: TargetParts,
): ScimTarget {
  const profile = profileNamed(profileName);
  if (profile === null) throw new Error(`no profile ${profileName}`);
  return createScimTarget({
    ...given,
    profile,
    baseUrl,
    budgets: stores.budgets,
    version: '0.0.0',
    connections: 10,
    random: () => 0,
  });
}

/** What the sandbox was given to let clients in by. */
export function givenTo(sandbox: Sandbox): AuthOptions {
  return sandbox.authorization.startsWith('Bearer')
    ? { kind: 'bearer', token: () => sandbox.token }
    : { kind: 'basic', username: sandbox.user, password: () => sandbox.password };
}

/** Client credentials, for tokens of the sandbox's own endpoint. */
export function byOAuth2(
  { tokenUrl, user, password }: Sandbox,
  store: Store,
  { leases }: Stores,
): AuthOptions {
  return {
    kind: 'oauth2',
    tokenUrl,
    clientId: user,
    clientSecret: () => password,
    clientAuthentication: 'basic',
    vault: createSealedTokens(store, () => 'seals tokens in tests'),
    leases,
  };
}
