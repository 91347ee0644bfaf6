/**
 * Somebody who follows a source as `sync/` does: keeps what was told, believes what a whole read proves, and nothing
 * else. So a test can say what is known after a read, however the source came to tell it.
 */
import type { Source, SourceItem, Watermark } from '../../../app/sources/source.ts';
import { never } from './invented.ts';

type End = Extract<SourceItem, { kind: 'end' }>;

export type Follower = {
  /** Reads what changed, or everybody where nothing was read yet. @returns what was told, `person ada`, and the end */
  poll(): Promise<{ readonly told: readonly string[]; readonly end: End }>;
  /** Reads everybody. */
  sweep(): Promise<{ readonly told: readonly string[]; readonly end: End }>;
  /** The people who are known to be there: `uid at dn` with surname, sorted. */
  people(): readonly string[];
  /** The groups that are known to be there: `name: members`, sorted. */
  groups(): readonly string[];
  /** How far the source has been read; a test may put another in. */
  watermark: Watermark | null;
};

export function follow(source: Source): Follower {
  const people = new Map<string, string>();
  const groups = new Map<string, string>();
  const names = new Map<string, string>();

  async function read(everyone: boolean) {
    const told: string[] = [];
    const named = { person: new Set<string>(), group: new Set<string>() };
    const kept = { person: people, group: groups };
    let end: End | null = null;
    const wish = { since: follower.watermark, everyone: everyone || follower.watermark === null };
    for await (const item of source.read(wish, never)) {
      if (item.kind === 'end') end = item;
      else told.push(take(item, named));
    }
    if (end === null) throw new Error('the read has no end');
    if (end.complete) follower.watermark = end.watermark;
    if (end.complete && end.names === 'everyone') {
      for (const what of ['person', 'group'] as const) {
        for (const id of kept[what].keys()) if (!named[what].has(id)) kept[what].delete(id);
      }
    }
    return { told, end };
  }

  function take(
    item: Exclude<SourceItem, End>,
    named: Readonly<Record<'person' | 'group', Set<string>>>,
  ): string {
    switch (item.kind) {
      case 'person': {
        const { stableId, dn, attributes } = item.entry;
        const [uid = '?'] = attributes['uid'] ?? [];
        people.set(stableId, `${uid} ${attributes['sn']?.[0]} at ${dn}`);
        names.set(stableId, uid);
        named.person.add(stableId);
        return `person ${uid}`;
      }
      case 'group':
        groups.set(item.group.stableId, `${item.group.name}: ${[...item.group.members].sort().join(' ')}`);
        names.set(item.group.stableId, item.group.name);
        named.group.add(item.group.stableId);
        return `group ${item.group.name}`;
      case 'unchanged':
        named[item.what].add(item.stableId);
        return `unchanged ${item.what} ${names.get(item.stableId) ?? 'unknown'}`;
      case 'absent':
        named[item.what].delete(item.stableId);
        (item.what === 'person' ? people : groups).delete(item.stableId);
        return `absent ${item.what} ${names.get(item.stableId) ?? 'unknown'}`;
      case 'rejected':
        return 'rejected';
    }
  }

  const follower: Follower = {
    watermark: null,
    poll: () => read(false),
    sweep: () => read(true),
    people: () => [...people.values()].sort(),
    groups: () => [...groups.values()].sort(),
  };
  return follower;
}
