/**
 * Who stands below names and groups: the people whom they lead to, through groups in groups, each group once, so that
 * cycles end. Redis itself looks up what each name means and a chunk of members at a time, so that only ids are sent
 * and a group of 100,000 does not hold it up.
 */
import { type PersonKey, personKey, type StableId } from '../person/anchor.ts';
import type { Store } from './connection.ts';
import { CHUNK, chunks, groupKeys } from './group-keys.ts';
import type { GroupMember } from './ports/index.ts';
import { script } from './script.ts';

/**
 * Given names, or a cursor into a group's members. A login name that several people carry leads to nobody, unless all
 * who carry it are asked for. A stranger is a name that leads nowhere; that nobody has a group as the primary one says
 * nothing about the group.
 */
const lookUp = script(`
local people, groups, strangers, names, cursor = {}, {}, 0, {}, ARGV[1]
local named, all = ARGV[2], ARGV[3] == 'all'
if cursor == '' then
  for i = 4, #ARGV do names[#names + 1] = ARGV[i] end
else
  local page = redis.call('SSCAN', KEYS[3], cursor, 'COUNT', ${CHUNK})
  cursor, names = page[1], page[2]
end
for _, name in ipairs(names) do
  local kind = string.match(name, '^(%l+):')
  if kind == 'uid' or kind == 'primary' or kind == 'id' then
    local carriers = redis.call('SMEMBERS', named .. name)
    if kind ~= 'primary' and #carriers == 0 then strangers = strangers + 1 end
    if kind ~= 'uid' or all or #carriers == 1 then
      for _, id in ipairs(carriers) do people[#people + 1] = id end
    end
  else
    local person, group = redis.call('HGET', KEYS[1], name), redis.call('HGET', KEYS[2], name)
    if person then people[#people + 1] = person end
    if group then groups[#groups + 1] = group end
    if not person and not group then strangers = strangers + 1 end
  end
end
return { cursor, people, groups, strangers }
`);

/** What some names lead to. */
type Below = {
  readonly people: readonly StableId[];
  readonly groups: readonly string[];
  readonly strangers: number;
};

type Carriers = 'all' | 'one';

export function groupsBelow(store: Store) {
  const keys = groupKeys(store);

  async function ask(source: string, group: string, carriers: Carriers, cursor: string, names: string[]) {
    const places = [keys.personAt(source), keys.groupAt(source), keys.members(source, group)];
    const args = [cursor, keys.named(source, ''), carriers, ...names];
    const answer = (await lookUp(store.redis, places, args)) as [string, StableId[], string[], number];
    const [next, people, groups, strangers] = answer;
    return { next, below: { people, groups, strangers } satisfies Below };
  }

  /** What a group's members lead to, a chunk at a time. */
  async function* belowGroup(source: string, group: string, carriers: Carriers): AsyncGenerator<Below, void> {
    let cursor = '0';
    do {
      const { next, below } = await ask(source, group, carriers, cursor, []);
      cursor = next;
      yield below;
    } while (cursor !== '0');
  }

  /**
   * Everybody whom a change of these may concern.
   * @param ids of groups of which everything below may have changed
   */
  async function peopleBelow(
    source: string,
    names: readonly string[],
    ids: readonly string[],
  ): Promise<readonly PersonKey[]> {
    const people = new Set<StableId>();
    const groups = new Set(ids);
    const take = (below: Below) => {
      for (const person of below.people) people.add(person);
      for (const group of below.groups) groups.add(group);
    };
    for (const some of chunks(names)) take((await ask(source, '', 'all', '', some)).below);
    // A set that grows while it is walked is walked to its new end.
    for (const group of groups) for await (const below of belowGroup(source, group, 'all')) take(below);
    return [...people].map((id) => personKey(source, id));
  }

  /** Each person once, those whom the group itself names first. */
  async function* everybodyIn(source: string, top: string): AsyncGenerator<readonly GroupMember[], void> {
    const told = new Set<StableId>();
    const groups = new Set([top]);
    for (const group of groups) {
      for await (const below of belowGroup(source, group, 'one')) {
        for (const inner of below.groups) groups.add(inner);
        const fresh = [...new Set(below.people)].filter((person) => !told.has(person));
        for (const person of fresh) told.add(person);
        if (fresh.length > 0)
          yield fresh.map((person) => ({ key: personKey(source, person), direct: group === top }));
      }
    }
  }

  /** How many of a group's own members are neither people nor groups that are known. */
  async function strangersIn(source: string, group: string): Promise<number> {
    let count = 0;
    for await (const { strangers } of belowGroup(source, group, 'one')) count += strangers;
    return count;
  }

  return { peopleBelow, everybodyIn, strangersIn };
}
