/** A source that says what the test tells it to: the contract's own shapes, no directory behind them. */
import { SourceUnavailable } from '../../app/errors.ts';
import type { StableId } from '../../app/person/anchor.ts';
import type { Entry, GroupEntry } from '../../app/person/entry.ts';
import type { Found, Source, SourceItem, Watermark } from '../../app/sources/source.ts';

export type Script = {
  people: readonly Entry[];
  groups: readonly GroupEntry[];
  /** Records without a usable id. */
  rejected: number;
  /** What is not right about the read; empty where it is complete. */
  problems: readonly string[];
  /** The read breaks off after the people. */
  breaks: string | null;
  watermark: string;
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
    rejected: 0,
    problems: [],
    breaks: null,
    watermark: 'w1',
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
      for (let n = 0; n < script.rejected; n += 1)
        yield { kind: 'rejected', reason: 'bad-source-id', where: '' };
      if (script.breaks !== null) throw new SourceUnavailable(script.breaks);
      const complete = script.problems.length === 0;
      yield {
        kind: 'end',
        watermark: script.watermark as Watermark,
        complete,
        problems: script.problems,
        names: everyone ? 'everyone' : 'changes',
        tracking: 'script',
        notices: [],
      };
    },
    async find(id) {
      lookedUp.push(id);
      const answer = script.found(id);
      if (answer === 'unavailable') throw new SourceUnavailable('corp: no answer in time');
      return answer;
    },
    async *groupsNaming() {
      yield* script.groups;
    },
    watch: null,
  };
}
