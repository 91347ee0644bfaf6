/**
 * Who is not announced yet (`Identities.unannounced`). A first read makes everybody news, so nothing here loads all of
 * it: a list of news is a copy within Redis, which is walked as often as is needed and stays as it was made.
 */
import { type PersonKey, personKey, stableIdOfKey, toStableId } from '../person/anchor.ts';
import type { Store } from './connection.ts';
import type { Identities, Unannounced } from './ports/index.ts';
import { scanHash } from './scan-hash.ts';
import { removeUnchanged, script } from './script.ts';

/** A copy that a process which died has left behind goes by itself. */
const COPY_LIVES_MS = 86_400_000;

/** Copies KEYS[1] to a new key that begins with ARGV[1]. @returns its name and how many are in it */
const copy = script(`
local size = redis.call('HLEN', KEYS[1])
if size == 0 then return { '', 0 } end
local name = ARGV[1] .. redis.call('INCR', KEYS[2])
redis.call('COPY', KEYS[1], name)
redis.call('PEXPIRE', name, ARGV[2])
return { name, size }
`);

type News = Pick<Identities, 'unannounced' | 'areUnannounced' | 'announced'>;

/** The hash of news: stable id to version. */
export const newsKey = ({ key }: Store, source: string): string => key('unannounced', source);

export function newsOf(store: Store): News {
  const { redis, key } = store;
  return {
    async unannounced(source) {
      const keys = [newsKey(store, source), key('unannounced-seq')];
      const [name, size] = (await copy(redis, keys, [key('unannounced-list', ''), COPY_LIVES_MS])) as Copied;
      return {
        size,
        async *batches() {
          if (size === 0) return;
          for await (const fields of scanHash(redis, name)) yield versionsIn(source, fields);
        },
        async drop() {
          if (size > 0) await redis.unlink(name);
        },
      };
    },
    async areUnannounced(source, people: readonly PersonKey[]) {
      if (people.length === 0) return [];
      const versions = await redis.hmget(newsKey(store, source), ...people.map(stableIdOfKey));
      return versions.map((version) => version !== null);
    },
    async announced(source, done) {
      if (done.length > 0) await removeUnchanged(redis, [newsKey(store, source)], done.flatMap(versionArgs));
    },
  };
}

type Copied = readonly [name: string, size: number];

function versionsIn(
  source: string,
  fields: Iterable<readonly [id: string, version: string]>,
): readonly Unannounced[] {
  return [...fields].flatMap(([idText, version]) => {
    const id = toStableId(idText);
    return id === null ? [] : [{ key: personKey(source, id), version: Number(version) }];
  });
}

function versionArgs({ key, version }: Unannounced): readonly [string, string] {
  return [stableIdOfKey(key), String(version)];
}
