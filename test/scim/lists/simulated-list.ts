/** A user list in memory with one habit at a time, behind the SCIM client's contract: for properties of a listing. */
import type { ScimClient } from '../../../app/scim/auth/authenticated-client.ts';
import type { Json, JsonObject } from '../../../app/scim/resource.ts';

export type Paging = 'index1' | 'page0' | 'index0';

export type Asked = {
  /** Index of the first entry asked for, from 0. */
  readonly from: number;
  readonly size: number;
  /** How many requests came before. */
  readonly before: number;
  /** Whatever a habit needs a number for; from 1. */
  readonly noise: number;
};

export type Habit = {
  /** Entries of a page; the draft's way where it is left out. */
  readonly entries?: (ids: readonly string[], asked: Asked) => readonly string[];
  /** Changes to the answer around the entries. */
  readonly envelope?: (body: JsonObject, asked: Asked) => JsonObject;
  /** How many entries it gives at most. Default: what was asked for, or its own limit where that is lower. */
  readonly size?: (count: number, noise: number) => number;
};

export type Simulated = {
  readonly client: ScimClient;
  /** Who is there now. */
  ids: readonly string[];
  requests: number;
};

/** Either accounts are made or accounts are deleted, next to each other, somewhere in the list. */
export type Change = { readonly make: boolean; readonly at: number; readonly many: number };

export type SimulatedOptions = {
  readonly ids: readonly string[];
  readonly paging: Paging;
  readonly limit: number;
  readonly noise: number;
  readonly habit: Habit;
  /** What happens before the second answer, the third, and so on. */
  readonly meanwhile?: readonly Change[];
};

export function simulatedList({ paging, limit, noise, habit, ...options }: SimulatedOptions): Simulated {
  const simulated: Simulated = {
    ids: options.ids,
    requests: 0,
    client: {
      send: async ({ path }) => {
        const change = options.meanwhile?.[simulated.requests - 1];
        if (change) simulated.ids = changed(simulated.ids, change, simulated.requests);
        const query = new URL(path, 'http://localhost').searchParams;
        const count = Number(query.get('count'));
        const size = habit.size?.(count, noise) ?? Math.min(count, limit);
        const asked = {
          from: firstOf(query.get('startIndex'), size, paging),
          size,
          before: simulated.requests,
          noise,
        };
        simulated.requests += 1;
        return { kind: 'resource', status: 200, body: answerOf(simulated.ids, asked, habit, paging) };
      },
    },
  };
  return simulated;
}

function firstOf(startIndex: string | null, size: number, paging: Paging): number {
  if (startIndex === null) return 0;
  if (paging === 'page0') return Number(startIndex) * size;
  return Math.max(Number(startIndex) - (paging === 'index1' ? 1 : 0), 0);
}

function answerOf(ids: readonly string[], asked: Asked, habit: Habit, paging: Paging): JsonObject {
  const page = (habit.entries ?? inOrder)(ids, asked);
  const body = {
    totalResults: ids.length,
    itemsPerPage: asked.size,
    startIndex: asked.from + (paging === 'index1' ? 1 : 0),
    Resources: page.map((id): Json => ({ id, userName: `user-${id}` })),
  };
  return habit.envelope?.(body, asked) ?? body;
}

export function inOrder(ids: readonly string[], { from, size }: Asked): readonly string[] {
  return ids.slice(from, from + size);
}

function changed(ids: readonly string[], { make, at, many }: Change, round: number): readonly string[] {
  const place = at % (ids.length + 1);
  const fresh = Array.from({ length: make ? many : 0 }, (_, each) => `new-${round}-${each}`);
  return [...ids.slice(0, place), ...fresh, ...ids.slice(place + (make ? 0 : many))];
}
