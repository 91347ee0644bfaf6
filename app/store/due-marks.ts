/**
 * Who is due at which target, and how the last work for them ended. Marks are counted: a result names the mark it
 * served, and only a mark that nothing has been added to since is taken away. So a change that arrives while a person
 * is being written is never lost.
 */
import { LANES, laneRank } from '../lane.ts';
import type { PersonKey } from '../person/anchor.ts';
import type { Store } from './connection.ts';
import { leaseKey, leaseValue } from './leases.ts';
import type { DueMark, DueMarks, Served } from './ports/index.ts';
import { scanHash } from './scan-hash.ts';
import { ONLY_FOR_LEASE_HOLDER, script } from './script.ts';

/** For scripts: how good each lane is, 0 for the best. */
const RANKS = `local rank = { ${LANES.map((lane) => `${lane} = ${laneRank(lane)}`).join(', ')} }`;

const mark = script(`${RANKS}
local person, fresh, lane, now = ARGV[1], ARGV[2] == '1', ARGV[3], ARGV[4]
local seq = redis.call('HINCRBY', KEYS[2], person, 1)
local old = redis.call('HGET', KEYS[1], person)
local markedAt, raisedAt = now, nil
if old then
  local before = cjson.decode(old)
  fresh = fresh or before.fresh
  if rank[before.lane] and rank[before.lane] < rank[lane] then lane = before.lane end
  markedAt, raisedAt = before.markedAt, before.raisedAt
end
local json = cjson.encode({ seq = seq, fresh = fresh, lane = lane, markedAt = markedAt, raisedAt = raisedAt })
redis.call('HSET', KEYS[1], person, json)
return json
`);

const raise = script(`
local person, from, to, now = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local text = redis.call('HGET', KEYS[1], person)
if not text then return 0 end
local due = cjson.decode(text)
if due.lane ~= from then return 0 end
due.lane, due.raisedAt = to, now
redis.call('HSET', KEYS[1], person, cjson.encode(due))
return 1
`);

const serve = script(`${ONLY_FOR_LEASE_HOLDER}
local person, seq = ARGV[2], tonumber(ARGV[3])
redis.call('HSET', KEYS[3], person, ARGV[4])
if ARGV[5] == '1' then redis.call('SADD', KEYS[4], person) else redis.call('SREM', KEYS[4], person) end
local current = redis.call('HGET', KEYS[2], person)
if not current then return 0 end
if cjson.decode(current).seq > seq then return 1 end
redis.call('HDEL', KEYS[2], person)
return 0
`);

export function createDueMarks(store: Store): DueMarks {
  const { redis, key } = store;
  const dueKey = (target: string) => key('due', target);
  const servedKey = (target: string) => key('served', target);
  const waitingKey = (target: string) => key('waiting', target);
  return {
    async mark(target, person, wish, now) {
      const args = [person, wish.fresh === true ? '1' : '0', wish.lane, now.toISOString()];
      const json = await mark(redis, [dueKey(target), key('due-seq', target)], args);
      return JSON.parse(String(json)) as DueMark;
    },
    async get(target, person) {
      const text = await redis.hget(dueKey(target), person);
      return text === null ? null : (JSON.parse(text) as DueMark);
    },
    async raise(target, person, from, to, now) {
      return (await raise(redis, [dueKey(target)], [person, from, to, now.toISOString()])) === 1;
    },
    async serve(target, person, served, lease) {
      const keys = [leaseKey(store, lease.name), dueKey(target), servedKey(target), waitingKey(target)];
      const waits = served.waiting === undefined ? '0' : '1';
      const args = [leaseValue(lease), person, served.seq, JSON.stringify(served), waits];
      return (await serve(redis, keys, args)) === 1;
    },
    async lastServed(target, person) {
      const text = await redis.hget(servedKey(target), person);
      return text === null ? null : (JSON.parse(text) as Served);
    },
    async *scan(target) {
      for await (const batch of scanHash(redis, dueKey(target))) {
        yield batch.map(([person, text]) => ({
          key: person as PersonKey,
          mark: JSON.parse(text) as DueMark,
        }));
      }
    },
    async count(target) {
      return await redis.hlen(dueKey(target));
    },
    async countWaiting(target) {
      return await redis.scard(waitingKey(target));
    },
  };
}
