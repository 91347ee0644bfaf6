/** A source that says what the test tells it to: the contract's own shapes, no directory behind them. */
import { SourceUnavailable } from '../../app/errors.ts';
import type { StableId } from '../../app/person/anchor.ts';
import type { Entry, GroupEntry } from '../../app/person/entry.ts';
import type { Found, Source, SourceItem, Watermark } from '../../app/sources/source.ts';

export type Script = {
  people: readonly Entry[];
  groups: readonly GroupEntry[];
  /** What is told after the people and groups, such as who is unchanged or absent. */
  more: readonly SourceItem[];
  /** Records without a usable id. */
  rejected: number;
  /** What every read names; null: what it was asked for. */
  names: 'everyone' | 'changes' | null;
  /** The groups that a look-up by member finds; null: all of them. `unavailable` throws. */
  naming: readonly GroupEntry[] | 'unavailable' | null;
  /** What is not right about the read; empty where it is complete. */
  problems: readonly string[];
  /** The read breaks off after the people. */
  breaks: string | null;
  watermark: string;
  tracking: string;
  notices: readonly string[];
  /** What a look-up answers; `unavailable` throws. */
  found: (id: StableId) => Found | 'unavailable';
};

export type ScriptedSource = Source & {
  readonly script: Script;
  /** The watermarks that reads were asked to begin at; null for reads of everybody. */
  readonly asked: (Watermark | null)[];
  /** Whom look-ups asked for. */
  readonly lookedUp: StableId[];
};

export function scriptedSource(people: readonly Entry[] = []): ScriptedSource {
  const script: Script = {
    people,
    groups: [],
    more: [],
    rejected: 0,
    names: null,
    naming: null,
    problems: [],
    breaks: null,
    watermark: 'w1',
    tracking: 'script',
    notices: [],
    found: () => ({ kind: 'gone' }),
  };
  const asked: (Watermark | null)[] = [];
  const lookedUp: StableId[] = [];
  return {
    name: 'corp',
    script,
    asked,
    lookedUp,
    async *read({ since, everyone }): AsyncGenerator<SourceItem> {
      asked.push(everyone ? null : since);
      for (const entry of script.people) yield { kind: 'person', entry };
      for (const group of script.groups) yield { kind: 'group', group };
      yield* script.more;
      for (let n = 0; n < script.rejected; n += 1)
        yield { kind: 'rejected', reason: 'bad-source-id', where: '' };
      if (script.breaks !== null) throw new SourceUnavailable(script.breaks);
      const complete = script.problems.length === 0;
      yield {
        kind: 'end',
        watermark: script.watermark as Watermark,
        complete,
        problems: script.problems,
        names: script.names ?? (everyone ? 'everyone' : 'changes'),
        tracking: script.tracking,
        notices: script.notices,
      };
    },
    async *find(ids) {
      for (const id of ids) {
        lookedUp.push(id);
        const answer = script.found(id);
        if (answer === 'unavailable') throw new SourceUnavailable('corp: no answer in time');
        yield [id, answer];
      }
    },
    async *groupsNaming() {
      if (script.naming === 'unavailable') throw new SourceUnavailable('corp: no answer in time');
      yield* script.naming ?? script.groups;
    },
    watch: null,
  };
}
