/**
 * The composition root: builds every part of a process from the installation and gives each use case what it needs.
 * The only file that sees all adapters; it decides nothing.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import type { Config, TargetConfig } from './config/index.ts';
import { fileSourceOptions } from './file-source-options.ts';
import { type Installation, ldapOptions } from './installation.ts';
import type { WrittenMapping } from './mapping/index.ts';
import type { GuardPolicy } from './plan/guard.ts';
import type { BackoffPolicy } from './queue/backoff.ts';
import { createBell } from './queue/bell.ts';
import { createPollRequests, type RequestPoll } from './queue/poll-requests.ts';
import { createQueues, type Queues } from './queue/queues.ts';
import { createReconcileRequests, type RequestReconcile } from './queue/reconcile-requests.ts';
import { type Schedules, type SourceSchedule, schedule } from './queue/schedules.ts';
import { redisTrouble } from './redis-words.ts';
import { createScimTarget, type ScimTarget, type ScimTargetOptions } from './scim/index.ts';
import type { Logger } from './signals/log.ts';
import { createSignals } from './signals/signals.ts';
import { readsOf } from './source-reads.ts';
import { createFileSource } from './sources/file/index.ts';
import { createLdapSource } from './sources/ldap/index.ts';
import type { Source } from './sources/source.ts';
import { connect, createStore, settingsProblems } from './store/connection.ts';
import { createStores, type Stores } from './store/stores.ts';
import type { GroupDeps } from './sync/groups/group-work.ts';
import type { ProvisionDeps, ProvisionPolicy } from './sync/provisioning/work.ts';
import type { ReadDeps } from './sync/reading/read-source.ts';
import type { ReconcileDeps } from './sync/reconciling/reconcile.ts';
import { targetOptionsOf } from './target-options.ts';

export type Context = {
  readonly config: Config;
  readonly mappings: readonly WrittenMapping[];
  /** Of all that decides about accounts. */
  readonly fingerprint: string;
  readonly log: Logger;
  readonly redis: Redis;
  readonly stores: Stores;
  readonly queues: Queues;
  /** For everything that learns about people: reading, events, reprovision, upkeep. */
  readonly reading: ReadDeps;
  readonly reconciling: ReconcileDeps;
  readonly requestReconcile: RequestReconcile;
  readonly requestPoll: RequestPoll;
  readonly targetNames: readonly string[];
  /** The sources that are read. */
  readonly sources: readonly Source[];
  /** Those of them that are listened to, so that changes are read at once. */
  readonly pushing: readonly Source[];
  readonly eventSourceNames: readonly string[];
  /** Null for a source that is not read but only listened to. */
  readonly source: (name: string) => Source | null;
  readonly target: (name: string) => ScimTarget;
  /** What a target is made of, for whoever checks it. */
  readonly targetOptions: (name: string) => ScimTargetOptions;
  readonly provisioning: (target: string) => ProvisionDeps;
  /** Null where the target has no groups, as its profile says. */
  readonly groupProvisioning: (target: string) => GroupDeps | null;
  readonly backoff: BackoffPolicy;
  /** Says what is wrong with Redis' settings and sets the schedules. */
  start(): Promise<void>;
  close(): Promise<void>;
};

/** A paused target is tried again after half a minute, and at least every quarter of an hour. */
const BREAKER = { firstMs: 30_000, longestMs: 15 * 60_000 };
/** So many failures in a row, of whomever, pause a target. */
const BREAKER_THRESHOLD = 10;

/** @param redisUrl where the installation's Redis is */
export function createContext(
  { config, mappings, groupMappings, fingerprint }: Installation,
  redisUrl: string,
  log: Logger,
): Context {
  const now = () => new Date();
  const redis = connect(redisUrl);
  redis.on('error', (error: Error) => log.warn({ err: error }, redisTrouble(error)));
  const names = namesOf(config);
  const processId = randomUUID();
  const store = createStore(redis, config.redis.prefix);
  const known = { targets: names.targetNames, sources: Object.keys(config.sources) };
  const stores = createStores(store, known, BREAKER, now);
  const read = [...schedulesOf(config).sources.keys()];
  const queues = createQueues(redis, config.redis.prefix, names.targetNames, read, (error) =>
    // At debug, since the connection tells of its trouble itself, and once instead of once for each queue.
    log.debug({ err: error }, 'queue error'),
  );
  const bell = createBell(queues, config.policy.retry.attempts);
  const signals = createSignals(log, stores.counters);
  const guard = guardPolicy(config);
  const reading: ReadDeps = {
    ...stores,
    mappings,
    groupMappings,
    bell,
    guard,
    signals,
    leaseMs: config.policy.lease,
    now,
    newId: randomUUID,
  };

  const sources = Object.entries(config.sources).flatMap(([name, source]): Source[] => {
    if (source.kind === 'ldap') return [createLdapSource(ldapOptions(name, source, mappings, now))];
    if (source.kind === 'events') return [];
    const time = { now, sleep: sleepUntilAborted };
    return [createFileSource(fileSourceOptions(name, source, readsOf(name, mappings), time))];
  });
  const targets = new Map<string, ScimTarget>();
  for (const [name, target] of Object.entries(config.targets)) {
    targets.set(name, createScimTarget(targetOptions(name, target)));
  }

  function targetOptions(name: string, target: TargetConfig): ScimTargetOptions {
    return targetOptionsOf(name, target, { store, stores, processId, now });
  }

  const target = (name: string): ScimTarget => {
    const found = targets.get(name);
    if (found === undefined) throw new Error(`there is no target ${name} in landbridge.yaml`);
    return found;
  };

  return {
    config,
    mappings,
    fingerprint,
    log,
    redis,
    stores,
    queues,
    reading,
    reconciling: { ...reading, drift: stores.drift, userNames: stores.userNames, sleep: sleepUntilAborted },
    requestReconcile: createReconcileRequests(queues),
    requestPoll: createPollRequests(queues),
    ...names,
    sources,
    pushing: sources.filter(({ name }) => pushes(config, name)),
    source: (name) => sources.find((source) => source.name === name) ?? null,
    target,
    targetOptions: (name) => {
      const found = config.targets[name];
      if (found === undefined) throw new Error(`there is no target ${name} in landbridge.yaml`);
      return targetOptions(name, found);
    },
    provisioning: (name) => ({
      ...reading,
      ...stores,
      target: target(name),
      mappingFor: (source) =>
        mappings.find((mapping) => mapping.source === source && mapping.target === name) ?? null,
      policy: provisionPolicy(config, name),
    }),
    groupProvisioning(name) {
      const { groups } = target(name);
      if (groups === null) return null;
      return { ...reading, ...stores, target: { name, groups }, policy: provisionPolicy(config, name) };
    },
    backoff: { baseMs: config.policy.retry.base, longestMs: config.policy.retry.longest },
    async start() {
      for (const problem of await settingsProblems(redis)) log.warn(problem);
      await schedule(queues, schedulesOf(config));
    },
    async close() {
      await Promise.all([...targets.values()].map((open) => open.close()));
      await signals.settled();
      await queues.close();
      redis.disconnect();
    },
  };
}

function namesOf(config: Config) {
  const sources = Object.entries(config.sources);
  return {
    targetNames: Object.keys(config.targets),
    eventSourceNames: sources.filter(([, { kind }]) => kind === 'events').map(([name]) => name),
  };
}

/** Whether the configuration wants a source to be listened to. */
export function pushes({ sources }: Config, name: string): boolean {
  const source = sources[name];
  return source !== undefined && source.kind !== 'events' && source.poll.push;
}

function guardPolicy({ policy }: Config): GuardPolicy {
  const { share, atLeast, atMost, window, group, holdFor } = policy.guard;
  return {
    share,
    atLeast,
    windowMs: window,
    holdForMs: holdFor,
    ...(atMost === undefined ? {} : { atMost }),
    ...(group === undefined ? {} : { group }),
  };
}

function provisionPolicy(config: Config, target: string): ProvisionPolicy {
  const timeoutMs = config.targets[target]?.timeout ?? 0;
  return {
    guard: guardPolicy(config),
    leaseMs: config.policy.lease,
    // We stop waiting for an answer after one timeout; the target may go on for as long again.
    settleMs: 2 * timeoutMs,
    breakerThreshold: BREAKER_THRESHOLD,
    adoption: config.targets[target]?.adoption ?? 'by-itself',
  };
}

function schedulesOf(config: Config): Schedules {
  const sources = new Map<string, SourceSchedule>();
  for (const [name, source] of Object.entries(config.sources)) {
    if (source.kind === 'events') continue;
    sources.set(name, { pollEveryMs: source.poll.every, sweepEveryMs: source.poll.sweepEvery });
  }
  const targets = Object.entries(config.targets).map(
    ([name, { reconcileEvery }]) => [name, reconcileEvery] as const,
  );
  return { sources, targets: new Map(targets) };
}

/** @throws where it is aborted */
async function sleepUntilAborted(milliseconds: number, signal: AbortSignal): Promise<void> {
  await sleep(milliseconds, undefined, { signal });
}
