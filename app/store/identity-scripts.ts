/** What is done about an identity in Redis in one step (`identities.ts`). */
import { NAME_NEWS } from './group-keys.ts';
import { script } from './script.ts';

/**
 * KEYS: people, DNs, present, news, lease, moves, touched names, renamed, news of groups and their count. Everything that follows from what is newly known
 * is noted in the same step: news, a move, a name by which groups were not asked for.
 *
 * A login name that a second person comes to carry, or that is left to one, gives and takes memberships: it is touched
 * (`group-keys.ts`), so that the other person becomes due, too. A name that some group holds, and that comes to the person
 * or leaves them, is news of the groups above it.
 */
export const putIdentity = script(`
local function isOneOf(names, name)
  for _, one in ipairs(names) do if one == name then return true end end
  return false
end
local id, expected, version, json = ARGV[1], tonumber(ARGV[2]), ARGV[3], ARGV[4]
local personKey, present, handlePrefix, lease, digest = ARGV[5], ARGV[6], ARGV[7], ARGV[8], ARGV[9]
if lease ~= '' and redis.call('GET', KEYS[5]) ~= lease then return redis.error_reply('LEASE_LOST') end
local current = redis.call('HGET', KEYS[1], id)
local currentVersion = current and tonumber(string.match(current, '^(%d+) ')) or 0
if currentVersion ~= expected then return 0 end
local new, before, named = cjson.decode(json), {}, ARGV[10]
local memberOf = ARGV[11]
local function tellGroups(name)
  if redis.call('EXISTS', memberOf .. name) == 0 then return end
  redis.call('HSET', KEYS[9], '${NAME_NEWS}' .. name, redis.call('INCR', KEYS[10]))
end
local function move(command, name, left)
  redis.call(command, named .. name, id)
  tellGroups(name)
  local isUid = string.sub(name, 1, 4) == 'uid:'
  if isUid and redis.call('SCARD', named .. name) == left then redis.call('SADD', KEYS[7], name) end
end
local stoodThere = new.dnKey ~= '' and redis.call('HGET', KEYS[2], new.dnKey) == id
if current then
  local old = cjson.decode(string.sub(current, string.find(current, ' ') + 1))
  before = old.names
  if old.dnKey ~= '' and redis.call('HGET', KEYS[2], old.dnKey) == id then
    redis.call('HDEL', KEYS[2], old.dnKey)
    if old.dnKey ~= new.dnKey or present ~= '1' then tellGroups(old.dnKey) end
  end
  for _, handle in ipairs(old.handles) do redis.call('SREM', handlePrefix .. handle, personKey) end
end
for _, name in ipairs(before) do if not isOneOf(new.names, name) then move('SREM', name, 1) end end
local renamed = present == '1' and not stoodThere and new.dnKey ~= ''
for _, name in ipairs(new.names) do
  if not isOneOf(before, name) then move('SADD', name, 2); renamed = true end
end
if renamed then
  local was = redis.call('HEXISTS', KEYS[3], id) == 1 and 'present' or 'new'
  redis.call('HSET', KEYS[8], id, was .. ' ' .. version)
end
redis.call('HSET', KEYS[1], id, version .. ' ' .. json)
if new.dnKey ~= '' and present == '1' then
  redis.call('HSET', KEYS[2], new.dnKey, id)
  if not stoodThere then tellGroups(new.dnKey) end
  if current and not stoodThere then redis.call('HSET', KEYS[6], new.dnKey, id .. ' ' .. version) end
end
for _, handle in ipairs(new.handles) do redis.call('SADD', handlePrefix .. handle, personKey) end
if present == '1' then redis.call('HSET', KEYS[3], id, digest) else redis.call('HDEL', KEYS[3], id) end
redis.call('HSET', KEYS[4], id, version)
return 1
`);

/** Stores a digest anew, where it is still of what is stored. */
export const recogniseIdentity = script(`
local current = redis.call('HGET', KEYS[1], ARGV[1])
if not current or string.match(current, '^(%d+) ') ~= ARGV[2] then return 0 end
if redis.call('HEXISTS', KEYS[2], ARGV[1]) == 0 then return 0 end
redis.call('HSET', KEYS[2], ARGV[1], ARGV[3])
return 1
`);
