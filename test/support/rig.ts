/**
 * The parts of a worker around one target, all real: stores in a Redis of their own, the SCIM client, a sandbox
 * target in its own process. Only the clock can be turned, and the mapping is four lines, so that a test says who the
 * person is and asserts what the target received.
 */

import type { Redis } from 'ioredis';
import type { GroupMapping } from '../../app/mapping/group/group-mapping.ts';
import type { Mapped, Mapping } from '../../app/mapping/mapping.ts';
import { USUAL_POLICY } from '../../app/mapping/policy.ts';
import { type PersonKey, personKey, toStableId, type WorkKey } from '../../app/person/anchor.ts';
import { type Entry, toAttributes } from '../../app/person/entry.ts';
import type { AbsenceReason, Identity } from '../../app/person/identity.ts';
import type { ScimTarget } from '../../app/scim/index.ts';
import type { Json } from '../../app/scim/resource.ts';
import { connect, createStore } from '../../app/store/connection.ts';
import type { Bell } from '../../app/store/ports/index.ts';
import { createStores, type Stores } from '../../app/store/stores.ts';
import { markDue } from '../../app/sync/announce.ts';
import type { Outcome } from '../../app/sync/provisioning/outcome.ts';
import { provision } from '../../app/sync/provisioning/provision.ts';
import type { ProvisionDeps } from '../../app/sync/provisioning/work.ts';
import { absorbAbsence, absorbEntry } from '../../app/sync/reading/absorb.ts';
import type { ReadDeps } from '../../app/sync/reading/read-source.ts';
import type { DecisionDeps } from '../../app/sync/reading/release.ts';
import type { Alert, Signals } from '../../app/sync/signals.ts';
import { startRedis } from './redis.ts';
import { byOAuth2, givenTo, targetOf } from './rig-target.ts';
import { type JournalEntry, type Sandbox, type SandboxOptions, startSandbox } from './sandbox.ts';

const TARGET = 'agileplace';
const WRITES = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);

export type Rig = {
  readonly sandbox: Sandbox;
  readonly redis: Redis;
  readonly stores: Stores;
  readonly target: ScimTarget;
  readonly deps: ProvisionDeps;
  readonly reading: ReadDeps & DecisionDeps & Pick<Stores, 'drift' | 'userNames'>;
  /** Every alert so far. */
  readonly alerts: Alert[];
  /** Everybody the bell was rung for. */
  readonly rung: WorkKey[];
  readonly now: () => Date;
  /** Turns the clock forward. */
  pass(milliseconds: number): void;
  key(id: string): PersonKey;
  /** The person is seen at the source, and due. */
  person(id: string, attributes?: Record<string, string>): Promise<PersonKey>;
  /** The person is gone from the source, and due. */
  gone(id: string, why?: AbsenceReason): Promise<PersonKey>;
  due(id: string, wish?: { fresh?: boolean }): Promise<PersonKey>;
  /** One worker's attempt. */
  attempt(key: PersonKey, options?: { last?: boolean; signal?: AbortSignal }): Promise<Outcome>;
  /** What changed something at the target, as `POST /Users`, with the body. */
  writes(): Promise<readonly JournalEntry[]>;
  /** Forgets everything, at the target and in Redis. */
  clear(): Promise<void>;
  stop(): Promise<void>;
};

export type RigOptions = {
  readonly sandbox?: SandboxOptions;
  /** The profile of the target, which the sandbox takes for its dialect. Default: agileplace. */
  readonly profile?: string;
  /** Default: `MAPPING`. */
  readonly mapping?: Mapping;
  /** Default: none. */
  readonly groupMappings?: readonly GroupMapping[];
  /** Signs in by client credentials at the sandbox's token endpoint, instead of with what the sandbox is given. */
  readonly oauth2?: boolean;
  readonly timeoutMs?: number;
  readonly breakerThreshold?: number;
};

export async function startRig(options: RigOptions = {}): Promise<Rig> {
  const profile = options.profile ?? 'agileplace';
  const [server, sandbox] = await Promise.all([
    startRedis(),
    startSandbox({ dialect: profile, ...options.sandbox }),
  ]);
  const redis = connect(server.url);
  const store = createStore(redis, 'landbridge');
  let ahead = 0;
  const now = () => new Date(Date.now() + ahead);
  const names = { targets: [TARGET], sources: ['corp'] };
  const stores = createStores(store, names, { firstMs: 30_000, longestMs: 900_000 }, now);
  const alerts: Alert[] = [];
  const rung: WorkKey[] = [];
  const mapping = options.mapping ?? MAPPING;
  const auth = options.oauth2 === true ? byOAuth2(sandbox, store, stores) : givenTo(sandbox);
  const { timeoutMs = 2_000 } = options;
  const target = targetOf(sandbox, { name: TARGET, profile, auth, stores, timeoutMs, now });
  const reading = readingOf(mapping, options.groupMappings ?? [], stores, alerts, rung, now);
  const deps: ProvisionDeps = {
    ...reading,
    ...stores,
    target,
    mappingFor: () => mapping,
    policy: {
      guard: reading.guard,
      leaseMs: 60_000,
      settleMs: 10_000,
      breakerThreshold: options.breakerThreshold ?? 10,
    },
  };
  const key = (id: string): PersonKey => personKey('corp', stableId(id));
  const due = async (id: string, wish: { fresh?: boolean } = {}): Promise<PersonKey> => {
    await markDue(key(id), { lane: 'update', ...wish }, reading);
    return key(id);
  };
  return {
    sandbox,
    redis,
    stores,
    target,
    deps,
    reading,
    alerts,
    rung,
    now,
    key,
    due,
    pass(milliseconds) {
      ahead += milliseconds;
    },
    async person(id, attributes = {}) {
      await absorbEntry('corp', entryOf(id, attributes), reading);
      return await due(id);
    },
    async gone(id, why = 'deleted') {
      await absorbAbsence(key(id), why, reading);
      return await due(id);
    },
    async attempt(person, { last = false, signal = new AbortController().signal } = {}) {
      return await provision({ key: person, lastAttempt: last }, deps, signal);
    },
    async writes() {
      return (await sandbox.journal()).filter(({ method }) => WRITES.has(method));
    },
    async clear() {
      await redis.flushall();
      await sandbox.reset();
      alerts.length = 0;
      rung.length = 0;
    },
    async stop() {
      await target.close();
      redis.disconnect();
      await Promise.all([server.stop(), sandbox.stop()]);
    },
  };
}

/** An entry with a mail address and a name of its own, unless the test says otherwise. */
export function entryOf(id: string, attributes: Record<string, string> = {}): Entry {
  const all = { mail: `${id}@example.test`, givenName: 'Ada', sn: 'Byron', ...attributes };
  return {
    stableId: stableId(id),
    dn: `uid=${id},ou=people,dc=example,dc=test`,
    dnKey: `uid=${id},ou=people,dc=example,dc=test`,
    revision: '',
    attributes: toAttributes(Object.entries(all).map(([name, value]) => [name, [value]] as const)),
  };
}

function stableId(text: string) {
  const id = toStableId(text);
  if (id === null) throw new Error(`${text} is no stable id`);
  return id;
}

/** Everybody with a mail address is in scope; `status: off` makes them inactive. */
export const MAPPING: Mapping = {
  file: 'mappings/test.yaml',
  source: 'corp',
  target: TARGET,
  reads: ['mail', 'givenname', 'sn', 'title', 'status'],
  matchOn: ['externalId', 'userName'],
  policy: USUAL_POLICY,
  map: ({ stableId: id, entry }: Identity): Mapped => {
    const value = (name: string) => entry.attributes[name]?.[0] ?? '';
    if (value('mail') === '') return { kind: 'out-of-scope', reason: 'out of scope of the mapping' };
    const optional: Record<string, Json> = value('title') === '' ? {} : { title: value('title') };
    const user = {
      userName: value('mail'),
      externalId: id,
      name: { givenName: value('givenname'), familyName: value('sn') },
      active: value('status') !== 'off',
      ...optional,
    };
    return { kind: 'in-scope', user, warnings: [] };
  },
};

function readingOf(
  mapping: Mapping,
  groupMappings: readonly GroupMapping[],
  stores: Stores,
  alerts: Alert[],
  rung: WorkKey[],
  now: () => Date,
): Rig['reading'] {
  const signals: Signals = {
    alert: (alert) => alerts.push(alert),
    applied: () => {},
    groupApplied: () => {},
    held: () => {},
    targetResumed: () => {},
    mappingWarning: () => {},
    trackingChanged: () => {},
    runEnded: () => {},
  };
  const bell: Bell = {
    ring: async (_target, key) => {
      rung.push(key);
    },
    remind: async (_target, key) => {
      rung.push(key);
    },
    waitsForTurn: async () => false,
    unpark: async () => {},
  };
  let runs = 0;
  return {
    ...stores,
    mappings: [mapping],
    groupMappings,
    bell,
    guard: { share: 0.1, atLeast: 5, windowMs: 3_600_000, holdForMs: 604_800_000 },
    signals,
    leaseMs: 60_000,
    now,
    newId: () => {
      runs += 1;
      return `run-${runs}`;
    },
  };
}
