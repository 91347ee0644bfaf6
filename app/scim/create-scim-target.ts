/**
 * Puts a SCIM 1.1 target together from its parts, outermost last: HTTP, budget, authentication, the Target contract.
 * Nothing is decided here but defaults.
 */
import type { Budgets } from '../store/ports/index.ts';
import { createAuthenticatedClient, type ScimClient } from './auth/authenticated-client.ts';
import { type AuthOptions, type SignIn, signInWith } from './auth/sign-in.ts';
import type { TokensAtTarget } from './auth/tokens-at-target.ts';
import { type BudgetedClient, createBudgetedClient } from './budget/budgeted-client.ts';
import { createGate } from './budget/gate.ts';
import type { OwnLimit } from './budget/limit-sets.ts';
import { watchSettling } from './budget/settling.ts';
import type { BulkTarget } from './bulk/bulk-target.ts';
import { bulkOver } from './bulk/send-bulk.ts';
import { type Discovery, discoveryOver } from './discovery/discovery.ts';
import type { Filter } from './filter/expression.ts';
import type { GroupTarget } from './groups/group-target.ts';
import { groupsOver } from './groups/scim-groups.ts';
import type { Profile } from './profiles/profile.ts';
import type { Call, ListCall, Listed, Target } from './target.ts';
import { targetOver } from './users/scim-target.ts';
import { searchAccounts } from './users/search.ts';
import { type ClientOptions, createClient, type HttpClient } from './wire/client.ts';

export type ScimTargetOptions = Omit<ClientOptions, 'origin'> & {
  readonly name: string;
  readonly profile: Profile;
  /** `https://account.example/io/scim/v1` */
  readonly baseUrl: string;
  readonly auth: AuthOptions;
  readonly budgets: Budgets;
  /** Name of the request budget, where targets share a credential. Default: the target's name. */
  readonly credential?: string;
  /** A limit that the operator sets, whatever the target says. */
  readonly ownLimit?: OwnLimit;
  /** Told how many requests at once are let go, when that changes and now and then while requests go. */
  readonly onPace?: (requests: number) => void;
  readonly now: () => Date;
  /** From 0 to 1, for jitter. */
  readonly random: () => number;
};

export type ScimTarget = Target & {
  /** All users that the filter finds, whatever part of it the target understands; with the care of `list`. */
  search(filter: Filter, call: ListCall): AsyncIterable<Listed>;
  /** null where the target has no groups, as its profile says. */
  readonly groups: GroupTarget | null;
  /** null where it takes no bulk requests, as its profile says. */
  readonly bulk: BulkTarget | null;
  readonly discovery: Discovery;
  /** Makes sure that there is a credential to use: gets a token where none is kept. */
  signIn(call: Call): Promise<void>;
  /** null where we do not get our token ourselves. */
  readonly renewToken: SignIn['renew'];
  /** null where the target keeps no list of tokens, as its profile says. */
  readonly tokens: TokensAtTarget | null;
  /** Breaks off what is running and closes the connections. */
  close(): Promise<void>;
};

const DEFAULT_TIMEOUT_MS = 30_000;
const DEFAULT_CONNECTIONS = 4;

export function createScimTarget(options: ScimTargetOptions): ScimTarget {
  const { basePath, client, signIn, close } = scimLayers(options);
  const parts = { name: options.name, profile: options.profile, basePath, client };
  return {
    ...targetOver(parts),
    search: (filter, call) => searchAccounts(filter, parts, call),
    groups: groupsOver(parts),
    bulk: bulkOver(parts),
    discovery: discoveryOver(parts),
    signIn: async (call) => {
      await signIn.authentication.current(call);
    },
    renewToken: signIn.renew,
    tokens: signIn.tokens,
    close,
  };
}

/** What lies under the Target contract. */
export type ScimLayers = {
  /** Path of the service on its origin, without a slash at the end. */
  readonly basePath: string;
  readonly client: ScimClient;
  readonly signIn: SignIn;
  /** Breaks off what is running and closes the connections. */
  close(): Promise<void>;
};

/** @param wrapped stands between HTTP and the rest, for whoever has to see the answers themselves */
export function scimLayers(
  options: ScimTargetOptions,
  wrapped: (http: HttpClient) => HttpClient = (http) => http,
): ScimLayers {
  const { origin, pathname } = new URL(options.baseUrl);
  const basePath = pathname.replace(/\/+$/, '');
  const http = wrapped(createClient({ ...options, origin }));
  const { budgets, settled } = watchSettling(options.budgets);
  const budgeted = budgetedOver(http, basePath, { ...options, budgets });
  const signIn = signInWith(options.auth, {
    ...options,
    target: options.name,
    origin,
    timeoutMs: options.timeoutMs ?? DEFAULT_TIMEOUT_MS,
    client: budgeted,
  });
  return {
    basePath,
    client: createAuthenticatedClient(budgeted, signIn.authentication),
    signIn,
    async close() {
      await Promise.all([http.close(), signIn.close()]);
      await settled();
    },
  };
}

function budgetedOver(http: HttpClient, basePath: string, options: ScimTargetOptions): BudgetedClient {
  const { profile, now } = options;
  const { limits, usersPath, groups } = profile;
  return createBudgetedClient({
    client: http,
    gate: createGate({
      most: options.connections ?? DEFAULT_CONNECTIONS,
      now,
      onPace: options.onPace ?? (() => {}),
    }),
    budgets: options.budgets,
    credential: options.credential ?? options.name,
    limits: {
      sets: limits.sets,
      places: {
        users: `${basePath}${usersPath}`,
        groups: groups === null ? null : `${basePath}${groups.path}`,
      },
      own: options.ownLimit ?? null,
    },
    timeoutMs: options.timeoutMs ?? DEFAULT_TIMEOUT_MS,
    now,
    random: options.random,
  });
}
