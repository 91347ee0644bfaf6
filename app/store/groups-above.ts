/**
 * Which groups somebody is in, through groups in groups to any depth. One script walks up from the names of many people
 * at once and comes to each group once, so cycles end and a chain of 200 groups is one question (O-23).
 */
import type { StableId } from '../person/anchor.ts';
import type { GroupRef } from '../person/entry.ts';
import type { Store } from './connection.ts';
import { type GroupRecord, groupKeys } from './group-keys.ts';
import { script } from './script.ts';

/** Names asked for in one script. */
const MOST_NAMES = 2_000;

const walk = script(`
local groups, memberOf, named = KEYS[1], ARGV[1], ARGV[2]
local direct, reached, seen, queue = {}, {}, {}, {}
local function naming(name)
  if string.sub(name, 1, 4) == 'uid:' and redis.call('SCARD', named .. name) > 1 then return {} end
  local ids = redis.call('SMEMBERS', memberOf .. name)
  for _, id in ipairs(ids) do
    if not seen[id] then seen[id] = true; queue[#queue + 1] = id end
  end
  return ids
end
for i = 3, #ARGV do direct[#direct + 1] = naming(ARGV[i]) end
local at = 1
while at <= #queue do
  local id = queue[at]
  local record = redis.call('HGET', groups, id)
  if record then
    local dnKey = cjson.decode(record).dnKey
    reached[#reached + 1] = { id, record, dnKey and naming(dnKey) or {} }
  end
  at = at + 1
end
return { direct, reached }
`);

type Reached = readonly [id: string, record: string, above: readonly string[]];

/** A group, and the groups that name it. */
type Node = { readonly ref: GroupRef; readonly above: readonly string[] };

/** @param people the names of each person */
export async function groupsAbove(
  store: Store,
  source: string,
  people: readonly (readonly string[])[],
): Promise<readonly (readonly GroupRef[])[]> {
  const direct = new Map<string, readonly string[]>();
  const nodes = new Map<string, Node>();
  const names = [...new Set(people.flat())];
  for (let start = 0; start < names.length; start += MOST_NAMES) {
    await walkUp(store, source, names.slice(start, start + MOST_NAMES), direct, nodes);
  }
  return people.map((own) => refsOf(new Set(own.flatMap((name) => direct.get(name) ?? [])), nodes));
}

/** The ids of all groups above these names. */
export async function groupIdsAbove(
  store: Store,
  source: string,
  names: readonly string[],
): Promise<readonly StableId[]> {
  const nodes = new Map<string, Node>();
  const all = [...new Set(names)];
  for (let start = 0; start < all.length; start += MOST_NAMES) {
    await walkUp(store, source, all.slice(start, start + MOST_NAMES), new Map(), nodes);
  }
  return [...nodes.keys()] as StableId[];
}

async function walkUp(
  store: Store,
  source: string,
  names: readonly string[],
  direct: Map<string, readonly string[]>,
  nodes: Map<string, Node>,
): Promise<void> {
  const keys = groupKeys(store);
  const args = [keys.memberOf(source, ''), keys.named(source, ''), ...names];
  const answer = (await walk(store.redis, [keys.groups(source)], args)) as [string[][], Reached[]];
  for (const [index, ids] of answer[0].entries()) direct.set(names[index] ?? '', ids);
  for (const [id, text, above] of answer[1]) {
    const { dn, name } = JSON.parse(text) as GroupRecord;
    nodes.set(id, { ref: { dn, name }, above });
  }
}

/** In the order of the ids, so that the same groups always read the same. */
function refsOf(direct: ReadonlySet<string>, nodes: ReadonlyMap<string, Node>): readonly GroupRef[] {
  const reached = new Set(direct);
  // A set that grows while it is walked is walked to its new end.
  for (const id of reached) for (const above of nodes.get(id)?.above ?? []) reached.add(above);
  return [...reached].sort().flatMap((id): GroupRef[] => {
    const ref = nodes.get(id)?.ref;
    if (ref === undefined) return [];
    return [direct.has(id) ? ref : { ...ref, nested: true }];
  });
}
