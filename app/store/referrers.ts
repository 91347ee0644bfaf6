/**
 * Who names whom at a target, and who rests on whose record at another source. Kept for each person as they were last looked at there: whoever was not looked at yet is
 * due, and finds the other's account by themselves.
 */
import type { PersonKey } from '../person/anchor.ts';
import type { Store } from './connection.ts';
import type { Joiners, Referrers } from './ports/index.ts';
import { script } from './script.ts';

const note = script(`
local person, mentions, prefix = ARGV[1], ARGV[2], ARGV[3]
local old = redis.call('HGET', KEYS[1], person) or '[]'
if old == mentions then return 0 end
for _, mention in ipairs(cjson.decode(old)) do redis.call('SREM', prefix .. mention, person) end
for _, mention in ipairs(cjson.decode(mentions)) do redis.call('SADD', prefix .. mention, person) end
if mentions == '[]' then redis.call('HDEL', KEYS[1], person) else redis.call('HSET', KEYS[1], person, mentions) end
return 1
`);

export function createReferrers({ redis, key }: Store): Referrers {
  const mentionsKey = (target: string) => key('mentions', target);
  const prefix = (target: string, source: string) => `${key('referrers', target, source)}:`;
  return {
    async note(target, source, person, mentions) {
      await note(redis, [mentionsKey(target)], [person, listed(mentions), prefix(target, source)]);
    },
    async of(target, source, mentions) {
      return await union(redis, mentions, prefix(target, source));
    },
  };
}

export function createJoiners({ redis, key }: Store): Joiners {
  const namesKey = (target: string) => key('rests-on', target);
  const prefix = (target: string) => `${key('joiners', target)}:`;
  return {
    async note(target, person, names) {
      await note(redis, [namesKey(target)], [person, listed(names), prefix(target)]);
    },
    async of(target, names) {
      return await union(redis, names, prefix(target));
    },
  };
}

function listed(names: readonly string[]): string {
  return JSON.stringify([...new Set(names)].sort());
}

/** A read may bring news of two hundred people at once. */
async function union(
  redis: Store['redis'],
  names: readonly string[],
  prefix: string,
): Promise<readonly PersonKey[]> {
  const sets = names.map((name) => prefix + name);
  return sets.length === 0 ? [] : ((await redis.sunion(...sets)) as PersonKey[]);
}
