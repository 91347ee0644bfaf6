/**
 * The two steps of a request budget as Redis carries them out, each at once: taking a ticket, and giving it back with
 * what the answer told. `budgets.ts` says what they are for.
 *
 * A ticket is `number:takenAt:expiresAt`. Numbers grow by one with each ticket, so they tell which request was sent
 * after which. KEYS: what is known (a hash), the tickets in flight (by number), those whose answer was lost (by the
 * number that was the newest at the loss), and the buckets (a hash).
 */
import { script } from './script.ts';

/**
 * What the target says is left, less everything that it may not have counted yet, is what may be granted. When the
 * window is over, one request goes alone to open the next: the scout.
 *
 * @returns `{1, ticket}` or `{0, when to come back}`
 */
export const takeScript = script(`
local now, isBulk, ticketMs, share = tonumber(ARGV[1]), ARGV[2] == '1', tonumber(ARGV[3]), tonumber(ARGV[4])
local seen = redis.call('HMGET', KEYS[1], 'limit', 'told', 'resetAt', 'openedAt', 'closedUntil', 'silent', 'scout', 'scoutAt', 'latency', 'seq')
local limit, told, resetAt, openedAt = tonumber(seen[1]), tonumber(seen[2]), tonumber(seen[3]), tonumber(seen[4])
local closedUntil, silent, scout, scoutAt = tonumber(seen[5]), seen[6], seen[7], tonumber(seen[8])
local latency = tonumber(seen[9]) or 100
if closedUntil and now < closedUntil then return { 0, closedUntil } end

-- A process that died gives no ticket back. Its request may have been counted.
local oldestTakenAt = now
while true do
  local oldest = redis.call('ZRANGE', KEYS[2], 0, 0)[1]
  if not oldest then break end
  local takenAt, expiresAt = oldest:match(':(%d+):(%d+)$')
  oldestTakenAt = tonumber(takenAt)
  if now < tonumber(expiresAt) then break end
  redis.call('ZREM', KEYS[2], oldest)
  redis.call('ZADD', KEYS[3], seen[10] or 0, oldest)
end

-- When an answer that is under way may be here: it is asked for less and less often, the longer it is out.
local function soon(since)
  local out = math.max(0, now - since)
  return math.ceil(now + math.min(1000, math.max(latency - out, out / 2, 10)))
end

local isOpen = resetAt ~= nil and now < resetAt
local isScout = false
if isOpen then
  -- A window's end is often told rounded up; what is held back has to be sent before the real one.
  local quietEnd = resetAt - math.min(3000, (resetAt - openedAt) / 2)
  local span, held = math.max(1, quietEnd - openedAt), limit * share
  local reserve = isBulk and math.floor(held * math.max(0, quietEnd - now) / span) or 0
  local left = told - redis.call('ZCARD', KEYS[3])
  if left <= 0 then return { 0, resetAt } end
  if left <= reserve then return { 0, math.floor(quietEnd - left * span / held) + 1 } end
  if left - redis.call('ZCARD', KEYS[2]) <= reserve then return { 0, math.min(soon(oldestTakenAt), resetAt) } end
elseif not silent then
  if scout and now < scoutAt + math.max(2000, 4 * latency) then return { 0, soon(scoutAt) } end
  isScout = true
end

-- Buckets count where no answer tells, or always; a request goes through all of its own or through none.
local untilMs, filled = 0, {}
for i = 5, #ARGV, 4 do
  local name, interval, burst, always = ARGV[i], 60000 / tonumber(ARGV[i + 1]), tonumber(ARGV[i + 2]), ARGV[i + 3] == '1'
  local closed = tonumber(redis.call('HGET', KEYS[4], 'closed:' .. name) or '0')
  if now < closed then untilMs = math.max(untilMs, closed) end
  if always or not resetAt then
    local most = isBulk and math.max(1, burst - math.floor(burst * share)) or burst
    local full = math.max(now, tonumber(redis.call('HGET', KEYS[4], 'full:' .. name) or '0')) + interval
    untilMs = math.max(untilMs, math.ceil(full - most * interval))
    filled[#filled + 1] = { 'full:' .. name, string.format('%.3f', full) }
  end
end
if now < untilMs then return { 0, untilMs } end
for _, field in ipairs(filled) do redis.call('HSET', KEYS[4], field[1], field[2]) end

local number = redis.call('HINCRBY', KEYS[1], 'seq', 1)
local ticket = string.format('%d:%.0f:%.0f', number, now, now + ticketMs)
redis.call('ZADD', KEYS[2], number, ticket)
if isScout then redis.call('HSET', KEYS[1], 'scout', ticket, 'scoutAt', now) end
return { 1, ticket }
`);

/**
 * Within a window what is left only falls: answers overtake each other, and others may spend from it. A new window is
 * opened by the scout's answer, or by one whose end lies elsewhere; of what that one says is left, every request that
 * was sent after it and is answered already is taken off.
 */
export const settleScript = script(`
local ticket, now, kind, closedUntil = ARGV[1], tonumber(ARGV[2]), ARGV[3], tonumber(ARGV[4])
local number, takenAt = ticket:match('^(%d+):(%d+):')
number, takenAt = tonumber(number), tonumber(takenAt)
local wasCounted = redis.call('ZREM', KEYS[2], ticket) + redis.call('ZREM', KEYS[3], ticket) > 0
local seen = redis.call('HMGET', KEYS[1], 'told', 'resetAt', 'openedAt', 'opener', 'scout', 'latency', 'margin', 'seq')
local told, resetAt, openedAt, opener = tonumber(seen[1]), tonumber(seen[2]), tonumber(seen[3]), tonumber(seen[4])
local isScout, margin, newest = seen[5] == ticket, tonumber(seen[7]) or 0, tonumber(seen[8]) or 0
if isScout then redis.call('HDEL', KEYS[1], 'scout', 'scoutAt') end
-- Redis has forgotten everything since.
number = math.min(number, newest)

local function close(key, field)
  local known = tonumber(redis.call('HGET', key, field) or '0')
  if closedUntil > known then redis.call('HSET', key, field, closedUntil) end
end
if closedUntil > 0 then
  if resetAt or #ARGV < 8 then close(KEYS[1], 'closedUntil') end
  if not resetAt then for i = 8, #ARGV do close(KEYS[4], 'closed:' .. ARGV[i]) end end
end

if kind == 'unsent' then return 0 end
-- It may have been counted, and does count until the answer to a later request tells.
local function lose() if wasCounted then redis.call('ZADD', KEYS[3], newest, ticket) end end
if kind == 'lost' then lose() return 0 end
local took = math.max(0, now - takenAt)
redis.call('HSET', KEYS[1], 'latency', seen[6] and tonumber(seen[6]) * 0.8 + took * 0.2 or took)
if kind == 'silent' then
  if resetAt and (now < resetAt or not isScout) then lose() return 0 end
  redis.call('HDEL', KEYS[1], 'limit', 'told', 'resetAt', 'openedAt', 'opener')
  redis.call('HSET', KEYS[1], 'silent', 1)
  redis.call('DEL', KEYS[3])
  return 0
end

local limit, remaining, endsAt = ARGV[5], tonumber(ARGV[6]), tonumber(ARGV[7])
redis.call('ZREMRANGEBYSCORE', KEYS[3], '-inf', number - 1)
-- The end that was told had passed when the scout was sent, and still the window went on: the target rounds it down,
-- or its clock is late.
if isScout and endsAt + margin <= takenAt then
  margin = math.min(3000, margin + 1000)
  redis.call('HSET', KEYS[1], 'margin', margin)
end
endsAt = endsAt + margin
-- An answer from a window that is over says nothing about the present one.
if endsAt <= now then return 0 end
local isNew = isScout or not resetAt
if not isNew then
  -- The end is told in whole seconds and shifted by the clocks' difference: nearly the same is the same window.
  local tolerated = math.min(2500, (resetAt - openedAt) / 4)
  if endsAt < resetAt - tolerated and number < opener then return 0 end
  isNew = math.abs(endsAt - resetAt) > tolerated
end
if isNew then
  local after = newest - number - redis.call('ZCOUNT', KEYS[2], '(' .. number, '+inf')
  told = math.max(0, remaining - after)
  redis.call('HSET', KEYS[1], 'limit', limit, 'told', told, 'resetAt', endsAt, 'openedAt', takenAt, 'opener', number)
  redis.call('HDEL', KEYS[1], 'silent')
else
  redis.call('HSET', KEYS[1], 'told', math.min(told, remaining), 'resetAt', math.max(endsAt, resetAt))
end
return 1
`);
