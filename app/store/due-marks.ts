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
import { timersKey } from './timers.ts';

/** For scripts: how good each lane is, 0 for the best. */
const RANKS = `local rank = { ${LANES.map((lane) => `${lane} = ${laneRank(lane)}`).join(', ')} }`;

const mark = script(`${RANKS}
local person, fresh, lane, now, allowed = ARGV[1], ARGV[2] == '1', ARGV[3], ARGV[4], ARGV[5] == '1'
local seq = redis.call('HINCRBY', KEYS[2], person, 1)
local old = redis.call('HGET', KEYS[1], person)
local markedAt, raisedAt = now, nil
if old then
  local before = cjson.decode(old)
  fresh = fresh or before.fresh
  allowed = allowed or before.allowReturn == true
  if rank[before.lane] and rank[before.lane] < rank[lane] then lane = before.lane end
  markedAt, raisedAt = before.markedAt, before.raisedAt
end
local due = { seq = seq, fresh = fresh, lane = lane, markedAt = markedAt, raisedAt = raisedAt }
if allowed then due.allowReturn = true end
local json = cjson.encode(due)
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
if ARGV[6] == 'none' then redis.call('ZREM', KEYS[5], person)
elseif ARGV[6] ~= '' then redis.call('ZADD', KEYS[5], ARGV[6], person) end
local current = redis.call('HGET', KEYS[2], person)
if not current then return 0 end
if cjson.decode(current).seq > seq then return 1 end
redis.call('HDEL', KEYS[2], person)
return 0
`);

export function createDueMarks(store: Store): DueMarks {
  return dueMarksOf<PersonKey, Served>(store, '');
}

/** @param of what is due stands before the names of the keys: nothing for people, `group-` for groups */
export function dueMarksOf<
  Key extends string,
  Result extends { readonly seq: number; readonly waiting?: unknown; readonly again?: string | null },
>(store: Store, of: '' | 'group-'): DueMarks<Key, Result> {
  const { redis, key } = store;
  const dueKey = (target: string) => key(`${of}due`, target);
  const servedKey = (target: string) => key(`${of}served`, target);
  const waitingKey = (target: string) => key(`${of}waiting`, target);
  const timersOf = (target: string) => timersKey(store, `${of}${target}`);
  return {
    async mark(target, person, wish, now) {
      const fresh = wish.fresh === true ? '1' : '0';
      const allowed = wish.allowReturn === true ? '1' : '0';
      const args = [person, fresh, wish.lane, now.toISOString(), allowed];
      const json = await mark(redis, [dueKey(target), key(`${of}due-seq`, target)], args);
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
      const keys = [
        leaseKey(store, lease.name),
        dueKey(target),
        servedKey(target),
        waitingKey(target),
        timersOf(target),
      ];
      const waits = served.waiting === undefined ? '0' : '1';
      const args = [leaseValue(lease), person, served.seq, JSON.stringify(served), waits, scoreOf(served)];
      return (await serve(redis, keys, args)) === 1;
    },
    async lastServed(target, person) {
      const text = await redis.hget(servedKey(target), person);
      return text === null ? null : (JSON.parse(text) as Result);
    },
    async *scan(target) {
      for await (const batch of scanHash(redis, dueKey(target))) {
        yield batch.map(([person, text]) => ({
          key: person as Key,
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

/** For the script: milliseconds since 1970, `none`, or nothing where what was set before stays. */
function scoreOf({ again }: { readonly again?: string | null }): number | string {
  if (again === undefined) return '';
  return again === null ? 'none' : Date.parse(again);
}
