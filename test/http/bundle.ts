/**
 * The web server of a test: real stores on a Redis of its own, one event source, one read source and one target in
 * memory, and a worker that serves on demand who is due.
 */

import { Queue } from 'bullmq';
import type { Express } from 'express';
import type { Redis } from 'ioredis';
import request from 'supertest';
import { type Caller, hashToken, type Scope, verifyToken } from '../../app/config/index.ts';
import { SourceUnavailable } from '../../app/errors.ts';
import type { WebDeps } from '../../app/http/deps.ts';
import { createServer } from '../../app/http/server.ts';
import type { Mapping } from '../../app/mapping/mapping.ts';
import { USUAL_POLICY } from '../../app/mapping/policy.ts';
import type { PersonKey, StableId } from '../../app/person/anchor.ts';
import { type Attributes, toAttributes } from '../../app/person/entry.ts';
import type { Identity } from '../../app/person/identity.ts';
import { createBell } from '../../app/queue/bell.ts';
import { countJobs } from '../../app/queue/job-counts.ts';
import type { ProvisionJob, Queues } from '../../app/queue/queues.ts';
import { createLogger } from '../../app/signals/log.ts';
import { createMetrics } from '../../app/signals/metrics.ts';
import { createSignals } from '../../app/signals/signals.ts';
import type { Found, Source } from '../../app/sources/source.ts';
import { connect, createStore } from '../../app/store/connection.ts';
import { createStores, type Stores } from '../../app/store/stores.ts';
import type { Outcome } from '../../app/sync/provisioning/outcome.ts';
import { provision } from '../../app/sync/provisioning/provision.ts';
import { startRedis, type TestRedis } from '../support/redis.ts';
import { createMemoryTarget, type MemoryTarget } from './memory-target.ts';

export const TOKENS = {
  sender: 'lb_sender-0000',
  operator: 'lb_operator-0000',
  reader: 'lb_reader-0000',
  admin: 'lb_admin-0000',
} as const;

const HOLDERS: readonly { name: keyof typeof TOKENS; scopes: readonly Scope[] }[] = [
  { name: 'sender', scopes: ['events:write'] },
  { name: 'operator', scopes: ['reprovision', 'read'] },
  { name: 'reader', scopes: ['read'] },
  { name: 'admin', scopes: ['admin', 'read'] },
];

const SOURCES = [
  { name: 'hr', kind: 'events', pushes: false },
  { name: 'corp', kind: 'ldap', pushes: false },
] as const;

export type Bundle = {
  readonly app: Express;
  readonly deps: WebDeps;
  readonly redis: Redis;
  readonly server: TestRedis;
  readonly target: MemoryTarget;
  readonly queue: Queue<ProvisionJob>;
  /** What the directory `corp` says of a person, by stable id; null: it cannot be asked. */
  readonly directory: Map<string, Found | null>;
  /** Everything that was logged. */
  readonly log: string[];
  /** Lets the clock go on. */
  wait(milliseconds: number): void;
  /** Serves everybody who is due. */
  work(): Promise<readonly Outcome[]>;
  get(path: string, token?: string): request.Test;
  post(path: string, body: unknown, token?: string): request.Test;
  stop(): Promise<void>;
};

/** @param changes parts that a test replaces */
export async function startBundle(changes: Partial<WebDeps> = {}): Promise<Bundle> {
  const server = await startRedis();
  const redis = connect(server.url);
  redis.on('error', () => {});
  const clock = { at: Date.parse('2026-03-01T12:00:00Z') };
  const log: string[] = [];
  const target = createMemoryTarget('agileplace');
  const queue = new Queue<ProvisionJob>('target-agileplace', { connection: redis, prefix: '{landbridge}' });
  queue.on('error', () => {});
  const directory = new Map<string, Found | null>();
  const parts = { redis, log, target, queue, directory, now: () => new Date(clock.at) };
  const { stores, signals, ...rest } = createDeps(parts);
  const deps: WebDeps = { ...rest.deps, ...changes };
  const app = createServer(deps);
  const authorized = (call: request.Test, token: string) => call.set('Authorization', `Bearer ${token}`);
  return {
    ...parts,
    app,
    deps,
    server,
    wait(milliseconds) {
      clock.at += milliseconds;
    },
    async work() {
      const outcomes = await serveDue(deps, stores, target);
      await signals.settled();
      return outcomes;
    },
    get: (path, token = TOKENS.reader) => authorized(request(app).get(path), token),
    post: (path, body, token = TOKENS.operator) =>
      authorized(request(app).post(path), token).send(body as object),
    async stop() {
      await queue.close();
      redis.disconnect();
      await server.stop();
    },
  };
}

type Parts = Pick<Bundle, 'redis' | 'log' | 'target' | 'queue' | 'directory'> & { readonly now: () => Date };

function createDeps({ redis, log, target, queue, directory, now }: Parts) {
  const logger = createLogger({ level: 'debug', name: 'test' }, { write: (line) => void log.push(line) });
  const targets = [{ name: target.name, credential: 'agileplace', adoption: 'by-itself' as const }];
  const names = { targets: [target.name], sources: SOURCES.map(({ name }) => name) };
  const store = createStore(redis, 'landbridge');
  const stores = createStores(store, names, { firstMs: 30_000, longestMs: 60_000 }, now);
  const signals = createSignals(logger, stores.counters);
  const queueOf = () => countJobs([queue]);
  const tokens = HOLDERS.map(({ name, scopes }) => ({ name, scopes, sha256: hashToken(TOKENS[name]) }));
  const deps: WebDeps = {
    ...stores,
    mappings: [mappingFrom('hr'), mappingFrom('corp')],
    explain: async () => [],
    groupMappings: [],
    bell: createBell(onlyThisQueue(queue), 3),
    guard: { share: 0.1, atLeast: 2, windowMs: 3_600_000, holdForMs: 604_800_000 },
    now,
    newId: countingIds(),
    sourceOf: (name) => (name === 'corp' ? readSourceOf(directory) : null),
    targetOf: () => target,
    requestReconcile: async (_target, run) => run,
    signals,
    logger,
    metrics: createMetrics({ ...stores, targets, sources: SOURCES, queueOf, now }),
    sources: SOURCES,
    targets,
    queueOf,
    verifyToken: (presented): Caller | null => verifyToken(presented, tokens),
    readiness: [{ name: 'redis', check: () => redis.ping() }],
    bodyLimit: 64 * 1024,
    patience: { storeMs: 10_000, remoteMs: 20_000 },
    version: '0.0.0-test',
  };
  return { deps, stores, signals };
}

function countingIds(): () => string {
  let ids = 0;
  return () => {
    ids += 1;
    return `id-${ids}`;
  };
}

/** The bell rings at one target only, and has no part in the other queues. */
function onlyThisQueue(queue: Queue<ProvisionJob>): Queues {
  const none = (): never => {
    throw new Error('there is no such queue here');
  };
  return {
    prefix: '{landbridge}',
    ofLane: () => queue,
    ofTarget: () => [queue],
    ofSource: none,
    reconcileOf: none,
    get timers() {
      return none();
    },
    get upkeep() {
      return none();
    },
    close: async () => {},
  };
}

async function serveDue(deps: WebDeps, stores: Stores, target: MemoryTarget): Promise<readonly Outcome[]> {
  const { bell, guard, groupMappings, mappings, now, newId, signals } = deps;
  const policy = { guard, leaseMs: 60_000, settleMs: 60_000, breakerThreshold: 10 };
  const mappingFor = (source: string) => mappings.find((mapping) => mapping.source === source) ?? null;
  const parts = { ...stores, target, groupMappings, mappingFor, bell, signals, policy, now, newId };
  const outcomes: Outcome[] = [];
  for await (const batch of deps.due.scan(target.name)) {
    for (const { key } of batch) {
      outcomes.push(await provision({ key, lastAttempt: true }, parts, new AbortController().signal));
    }
  }
  return outcomes;
}

/** `mail` names the account, `department` is carried over, `status` tells whether the person is active. */
function mappingFrom(source: string): Mapping {
  return {
    file: `mappings/${source}.yaml`,
    source,
    target: 'agileplace',
    reads: ['mail', 'department', 'status'],
    matchOn: ['externalId', 'userName'],
    policy: USUAL_POLICY,
    map({ stableId, entry }: Identity) {
      const userName = entry.attributes.mail?.[0];
      if (userName === undefined) {
        const problem = {
          where: `mappings/${source}.yaml:3:5`,
          attribute: 'userName',
          message: 'mail is missing',
        };
        return { kind: 'failed', problems: [problem] };
      }
      const active = entry.attributes.status?.[0] !== 'terminated';
      const department = entry.attributes.department?.[0];
      const user = {
        userName,
        externalId: stableId,
        active,
        ...(department === undefined ? {} : { department }),
      };
      return { kind: 'in-scope', user, warnings: [] };
    },
  };
}

function readSourceOf(directory: Map<string, Found | null>): Source {
  return {
    name: 'corp',
    // biome-ignore lint/correctness/useYield: this source is only asked for single people
    async *read() {
      throw new Error('the API never reads a whole source');
    },
    // biome-ignore lint/correctness/useYield: and never for groups
    async *groupsNaming() {
      throw new Error('the API never asks for groups');
    },
    watch: null,
    async *find(ids) {
      for (const id of ids) {
        const found = directory.get(id);
        if (found === null) throw new SourceUnavailable('corp is down');
        yield [id, found ?? { kind: 'gone' }];
      }
    },
  };
}

/** What the directory says of somebody who is there. */
export function inScope(id: string, attributes: Readonly<Record<string, string>>): Found {
  return {
    kind: 'in-scope',
    entry: { stableId: id as StableId, revision: '', attributes: attributesOf(attributes) },
  };
}

export function attributesOf(attributes: Readonly<Record<string, string>>): Attributes {
  return toAttributes(Object.entries(attributes).map(([name, value]) => [name, [value]] as const));
}

/** Makes somebody known as if the directory had been read. */
export async function know(
  bundle: Bundle,
  id: string,
  attributes: Readonly<Record<string, string>>,
): Promise<PersonKey> {
  const found = inScope(id, attributes);
  if (found.kind !== 'in-scope') throw new Error('they are there');
  bundle.directory.set(id, found);
  const key = `corp:${id}` as PersonKey;
  const base = { key, source: 'corp', stableId: id as StableId, entry: found.entry, version: 1 };
  const observedAt = bundle.deps.now().toISOString();
  await bundle.deps.identities.put({ ...base, presence: { state: 'present' }, observedAt }, 0);
  return key;
}

export function event(changes: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    id: 'e1',
    source: 'hr',
    type: 'person.updated',
    subject: '1001',
    time: '2026-03-01T10:00:00Z',
    sequence: 1,
    data: { attributes: { mail: 'ada@example.test', department: 'Maths' } },
    ...changes,
  };
}
