/**
 * What a target is made of, from its configuration. Part of the wiring beside `context.ts`: it decides nothing, and
 * hands secrets on as functions, so that each is read where it is used.
 */
import { revealCertificate, type TargetConfig, type TokenPlace } from './config/index.ts';
import { type AuthOptions, createTokenFile, profileNamed, type ScimTargetOptions } from './scim/index.ts';
import type { Store } from './store/connection.ts';
import { createSealedTokens } from './store/sealed-tokens.ts';
import type { Stores } from './store/stores.ts';
import { VERSION } from './version.ts';

type Around = {
  readonly store: Store;
  readonly stores: Pick<Stores, 'budgets' | 'leases' | 'paces'>;
  readonly processId: string;
  readonly now: () => Date;
};

export function targetOptionsOf(name: string, target: TargetConfig, around: Around): ScimTargetOptions {
  const { stores, processId, now } = around;
  const profile = profileNamed(target.profile);
  if (profile === null) throw new Error(`targets.${name}.profile is not known`);
  return {
    name,
    profile,
    baseUrl: target.baseUrl,
    auth: authOptions(target, around),
    budgets: stores.budgets,
    connections: target.concurrency,
    // For operators to see: a store that is away is no reason to stop.
    onPace: (requests) => void stores.paces.tell(name, processId, requests).catch(() => {}),
    ...ownLimit(target),
    timeoutMs: target.timeout,
    methodOverride: target.methodOverride,
    version: VERSION,
    proxy: target.proxy === undefined ? 'environment' : { url: target.proxy },
    ...(target.ca === undefined ? {} : { ca: target.ca }),
    ...clientCertificate(target),
    ...(target.credential === undefined ? {} : { credential: target.credential }),
    now,
    random: Math.random,
  };
}

function authOptions({ auth }: TargetConfig, around: Around): AuthOptions {
  switch (auth.kind) {
    case 'basic':
      return { kind: 'basic', username: auth.username, password: () => auth.password.reveal() };
    case 'bearer':
      return { kind: 'bearer', token: () => auth.token.reveal() };
    case 'minted': {
      const { kind, username } = auth;
      return { kind, username, password: () => auth.password.reveal(), ...sharing(auth.keep, around) };
    }
    case 'oauth2': {
      const { clientSecret, keep, ...rest } = auth;
      return { ...rest, clientSecret: () => clientSecret.reveal(), ...sharing(keep, around) };
    }
  }
}

function sharing(keep: TokenPlace, { store, stores }: Around) {
  const vault =
    keep.kind === 'file' ? createTokenFile(keep.path) : createSealedTokens(store, () => keep.key.reveal());
  return { vault, leases: stores.leases };
}

/** The one secret that is read at the start: connections that stay open could not take another one up anyway. */
function clientCertificate(target: TargetConfig): Pick<ScimTargetOptions, 'clientCertificate'> {
  if (target.clientCertificate === undefined) return {};
  return { clientCertificate: revealCertificate(target.clientCertificate) };
}

function ownLimit({ requestsPerMinute, burst = 1 }: TargetConfig): Pick<ScimTargetOptions, 'ownLimit'> {
  return requestsPerMinute === undefined ? {} : { ownLimit: { requestsPerMinute, burst } };
}
