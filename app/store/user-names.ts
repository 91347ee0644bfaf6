/**
 * Who has which userName at a target: of linked accounts, noted by the links themselves in the step that stores them
 * (`links.ts`), and of people whose account is about to be made or renamed. One script looks and takes, so two processes
 * never give one name to two people. Names are kept folded (`person/user-names.ts`).
 *
 * A name that the target itself refuses is passed over for a day: somebody has it there whom we do not know.
 */
import type { PersonKey } from '../person/anchor.ts';
import { foldUserName } from '../person/user-names.ts';
import type { Store } from './connection.ts';
import type { UserNames } from './ports/index.ts';
import { script } from './script.ts';

const REFUSED_FOR_S = 86_400;

/** Where it is kept: names to people, people to the name of their account, people to the name that they are to get. */
export function userNameKeys({ key }: Store, target: string): readonly [string, string, string] {
  return [key('user-names', target), key('user-name-of', target), key('user-name-claimed', target)];
}

/** Of scripts: frees a name that somebody no longer has, unless it is theirs in another way. */
export const FREE_USER_NAME = `
local function freeName(names, other, person, name)
  if name and name ~= '' and redis.call('HGET', other, person) ~= name and redis.call('HGET', names, name) == person then
    redis.call('HDEL', names, name)
  end
end
`;

/**
 * KEYS: names, of accounts, claimed. ARGV: person, whether to take it, what the names that were refused begin with, the
 * name of an account that is theirs at the target ('' where there is none; whoever was only to get it gives way), then the
 * candidates. @returns the place of the one that is theirs, or 0
 */
const choose = script(`${FREE_USER_NAME}
local person, take, refused, has = ARGV[1], ARGV[2] == '1', ARGV[3], ARGV[4]
local function isFree(name)
  local owner = redis.call('HGET', KEYS[1], name)
  if not owner or owner == person then return true end
  return name == has and redis.call('HGET', KEYS[2], owner) ~= name
end
local at = {}
for i = 5, #ARGV do at[ARGV[i]] = i end
local chosen = nil
for _, mine in ipairs({ has, redis.call('HGET', KEYS[2], person) or '', redis.call('HGET', KEYS[3], person) or '' }) do
  local known = mine ~= '' and at[mine] and isFree(mine)
  if not chosen and known and (mine == has or redis.call('EXISTS', refused .. mine) == 0) then chosen = mine end
end
for i = 5, #ARGV do
  if not chosen and isFree(ARGV[i]) and redis.call('EXISTS', refused .. ARGV[i]) == 0 then chosen = ARGV[i] end
end
if not chosen then return 0 end
if take then
  local before = redis.call('HGET', KEYS[3], person)
  if before and before ~= chosen then freeName(KEYS[1], KEYS[2], person, before) end
  redis.call('HSET', KEYS[1], chosen, person)
  if redis.call('HGET', KEYS[2], person) == chosen then redis.call('HDEL', KEYS[3], person)
  else redis.call('HSET', KEYS[3], person, chosen) end
end
return at[chosen] - 4
`);

const giveUp = script(`${FREE_USER_NAME}
local before = redis.call('HGET', KEYS[3], ARGV[1])
if not before then return 0 end
freeName(KEYS[1], KEYS[2], ARGV[1], before)
redis.call('HDEL', KEYS[3], ARGV[1])
return 1
`);

export function createUserNames(store: Store): UserNames {
  const { redis } = store;
  const refusedKey = (target: string, folded: string) =>
    `${store.key('user-name-refused', target)}:${folded}`;

  async function chosen(
    target: string,
    person: PersonKey,
    names: readonly string[],
    has: string | undefined,
    take: '0' | '1',
  ): Promise<string | null> {
    const first = has === undefined ? '' : foldUserName(has);
    const args = [person, take, refusedKey(target, ''), first, ...names.map(foldUserName)];
    const place = Number(await choose(redis, userNameKeys(store, target), args));
    return names[place - 1] ?? null;
  }

  return {
    claim: (target, person, names, has) => chosen(target, person, names, has, '1'),
    foresee: (target, person, names, has) => chosen(target, person, names, has, '0'),
    async refused(target, name) {
      await redis.set(refusedKey(target, foldUserName(name)), '1', 'EX', REFUSED_FOR_S);
    },
    async giveUp(target, person) {
      await giveUp(redis, userNameKeys(store, target), [person]);
    },
  };
}
