/**
 * Who names whom at a target. Kept for each person as they were last looked at there: whoever was not looked at yet is
 * due, and finds the other's account by themselves.
 */
import type { PersonKey } from '../person/anchor.ts';
import type { Store } from './connection.ts';
import type { Referrers } from './ports/index.ts';
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
      const text = JSON.stringify([...new Set(mentions)].sort());
      await note(redis, [mentionsKey(target)], [person, text, prefix(target, source)]);
    },
    async of(target, source, mentions) {
      const sets = mentions.map((mention) => prefix(target, source) + mention);
      return sets.length === 0 ? [] : ((await redis.sunion(...sets)) as PersonKey[]);
    },
  };
}
