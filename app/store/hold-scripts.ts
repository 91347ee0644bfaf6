/**
 * The steps that change who is held, each in one piece. Of a removal (its name is `target person`) there are: the record
 * in each run that holds it, the list of those runs as one text, the newest last (ids have no spaces), and the verdict
 * on it.
 */
import { script } from './script.ts';

/** Lua: what a text of runs is without one of them. */
const WITHOUT = `
local function without(runs, run)
  local kept = {}
  for other in string.gmatch(runs or '', '%S+') do
    if other ~= run then table.insert(kept, other) end
  end
  return kept
end
local function keep(key, name, kept)
  if #kept > 0 then redis.call('HSET', key, name, table.concat(kept, ' ')) else redis.call('HDEL', key, name) end
end
`;

/** Lua: takes a removal out of all runs that hold it. @returns those that hold nobody any more */
const LET_GO = `
local function letGo(byRemoval, name, holdPrefix)
  local emptied = {}
  for run in string.gmatch(redis.call('HGET', byRemoval, name) or '', '%S+') do
    redis.call('HDEL', holdPrefix .. run, name)
    if redis.call('HLEN', holdPrefix .. run) == 0 then table.insert(emptied, run) end
  end
  redis.call('HDEL', byRemoval, name)
  return emptied
end
`;

/** KEYS: the run's removals, runs by removal. ARGV: name, record, run. */
export const putHold = script(`${WITHOUT}
local name, run = ARGV[1], ARGV[3]
redis.call('HSETNX', KEYS[1], name, ARGV[2])
local kept = without(redis.call('HGET', KEYS[2], name), run)
table.insert(kept, run)
keep(KEYS[2], name, kept)
return 1
`);

/** KEYS: as above, verdicts. ARGV: name, run, and the verdict where no run holds it any more; '' for none. */
export const dropHold = script(`${WITHOUT}
local name = ARGV[1]
if redis.call('HDEL', KEYS[1], name) == 0 then return 0 end
local kept = without(redis.call('HGET', KEYS[2], name), ARGV[2])
keep(KEYS[2], name, kept)
if #kept == 0 and ARGV[3] ~= '' then redis.call('HSETNX', KEYS[3], name, ARGV[3]) end
return 1
`);

/** KEYS: runs by removal, verdicts. ARGV: name, what the keys of the runs' removals begin with. */
export const clearHold = script(`${LET_GO}
redis.call('HDEL', KEYS[2], ARGV[1])
return letGo(KEYS[1], ARGV[1], ARGV[2])
`);

/** KEYS: the run's removals, runs by removal, verdicts. ARGV: name, verdict, prefix. Does nothing where the run lets it go. */
export const rejectHold = script(`${LET_GO}
local name = ARGV[1]
if redis.call('HEXISTS', KEYS[1], name) == 0 then return false end
redis.call('HSET', KEYS[3], name, ARGV[2])
return letGo(KEYS[2], name, ARGV[3])
`);

/**
 * KEYS: the run's removals, verdicts. ARGV: name, verdict, the rejection that it takes the place of; '' where the run
 * holds the removal.
 */
export const approveHold = script(`
local name, verdict, rejected = ARGV[1], ARGV[2], ARGV[3]
local holds = redis.call('HEXISTS', KEYS[1], name) == 1
if not holds and (rejected == '' or redis.call('HGET', KEYS[2], name) ~= rejected) then return 0 end
redis.call('HSET', KEYS[2], name, verdict)
return 1
`);
