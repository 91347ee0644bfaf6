/**
 * Removals that wait for an operator, by the run that wanted them, and what was decided about them. A released removal
 * is approved: the guard lets it pass once, and the approval ends when it is carried out or no longer needed. A
 * rejected one stays rejected until it is no longer needed, or approved after all.
 *
 * Several runs may hold the same removal, each for its own reason; so each person has the list of them, and what one
 * run gives up the others keep.
 */
import type { WorkKey } from '../person/anchor.ts';
import type { Store } from './connection.ts';
import { approveHold, clearHold, dropHold, putHold, rejectHold } from './hold-scripts.ts';
import type {
  HeldRemoval,
  HoldFilter,
  Holds,
  ListedHold,
  NewlyHeld,
  Rejection,
  Standing,
} from './ports/index.ts';

/** What was decided about a removal; `expired`: nothing, in time. */
type Verdict =
  | { readonly kind: 'approved' | 'expired' }
  | { readonly kind: 'rejected'; readonly removal: HeldRemoval; readonly rejection: Rejection };

const APPROVED = JSON.stringify({ kind: 'approved' } satisfies Verdict);
const EXPIRED = JSON.stringify({ kind: 'expired' } satisfies Verdict);

type RejectedHold = ListedHold & { readonly rejection: Rejection };

type Removal = Pick<HeldRemoval, 'target' | 'key'>;

/** Hash: what a run holds. */
export function holdKey({ key }: Store, run: string): string {
  return key('hold', run);
}

export function createHolds(store: Store, now: () => Date): Holds {
  const { redis, key } = store;
  const heldIn = (run: string) => holdKey(store, run);
  const byRemoval = key('held');
  const verdicts = key('verdicts');

  async function list(run: string): Promise<readonly HeldRemoval[]> {
    return (await redis.hvals(heldIn(run))).map((text) => JSON.parse(text) as HeldRemoval);
  }

  async function rejected(): Promise<readonly RejectedHold[]> {
    return Object.values(await redis.hgetall(verdicts)).flatMap((text): RejectedHold[] => {
      const verdict = JSON.parse(text) as Verdict;
      if (verdict.kind !== 'rejected') return [];
      const { removal, rejection } = verdict;
      return [{ removal, run: rejection.run, rejection }];
    });
  }

  async function standings(target: string, people: readonly WorkKey[]): Promise<readonly Standing[]> {
    if (people.length === 0) return [];
    const names = people.map((person) => nameOf({ target, key: person }));
    const [decided, runs] = await Promise.all([
      redis.hmget(verdicts, ...names),
      redis.hmget(byRemoval, ...names),
    ]);
    return names.map((_, index) => standing(decided[index] ?? null, runs[index] ?? null));
  }

  async function drop(run: string, removals: readonly NewlyHeld[], verdict: (of: NewlyHeld) => string) {
    for (const removal of removals) {
      const args = [nameOf(removal), run, verdict(removal)];
      await dropHold(redis, [heldIn(run), byRemoval, verdicts], args);
    }
  }

  return {
    list,
    rejected,
    standings,
    async put(run, removals) {
      const since = now().toISOString();
      for (const removal of removals) {
        const record: HeldRemoval = { ...removal, since };
        await putHold(redis, [heldIn(run), byRemoval], [nameOf(removal), JSON.stringify(record), run]);
      }
    },
    async heldBy(target, person) {
      return newestOf(await redis.hget(byRemoval, nameOf({ target, key: person })));
    },
    async page(filter, after, limit) {
      const refused = new Map((await rejected()).map((hold) => [nameOf(hold.removal), hold]));
      const waiting = await redis.hkeys(filter.run === undefined ? byRemoval : heldIn(filter.run));
      const names = namesOf(filter, waiting, refused).filter((name) => after === null || name > after);
      const page = names.slice(0, limit);
      const holds = await Promise.all(
        page.map(async (name) => refused.get(name) ?? (await waitingHold(name, filter))),
      );
      const next = names.length > limit ? (page.at(-1) ?? null) : null;
      return { holds: holds.filter((hold) => hold !== null), next };
    },
    async clear(target, person) {
      const args = [nameOf({ target, key: person }), heldIn('')];
      return texts(await clearHold(redis, [byRemoval, verdicts], args));
    },
    async approve(run, people) {
      const isMeant = ({ key: person }: HeldRemoval) => people === undefined || people.has(person);
      const before = people === undefined ? [] : (await rejected()).filter((hold) => hold.run === run);
      const wishes = [
        ...(await list(run)).map((removal) => ({ removal, instead: '' })),
        ...before.map(({ removal, rejection }) => ({ removal, instead: asText(removal, rejection) })),
      ].filter(({ removal }) => isMeant(removal));
      const approved: HeldRemoval[] = [];
      for (const { removal, instead } of wishes) {
        const args = [nameOf(removal), APPROVED, instead];
        if ((await approveHold(redis, [heldIn(run), verdicts], args)) === 1) approved.push(removal);
      }
      return approved;
    },
    async reject(removals, rejection) {
      const done: HeldRemoval[] = [];
      const emptied: string[] = [];
      for (const removal of removals) {
        const args = [nameOf(removal), asText(removal, rejection), heldIn('')];
        const answer = await rejectHold(redis, [heldIn(rejection.run), byRemoval, verdicts], args);
        if (answer === null) continue;
        done.push(removal);
        emptied.push(...texts(answer));
      }
      return { rejected: done, emptied };
    },
    drop: (run, removals) => drop(run, removals, () => ''),
    expire: (run, removals) => drop(run, removals, ({ absence }) => (absence === undefined ? EXPIRED : '')),
    async size(run) {
      return await redis.hlen(heldIn(run));
    },
    async isApproved(target, person) {
      return (await standings(target, [person]))[0]?.kind === 'approved';
    },
    async count() {
      return await redis.hlen(byRemoval);
    },
  };

  /** Null where it was let go since its name was read. */
  async function waitingHold(name: string, filter: HoldFilter): Promise<ListedHold | null> {
    const run = filter.run ?? newestOf(await redis.hget(byRemoval, name));
    const text = run === null ? null : await redis.hget(heldIn(run), name);
    if (run === null || text === null) return null;
    return { removal: JSON.parse(text) as HeldRemoval, run, rejection: null };
  }
}

/** In the order of the pages. */
function namesOf(
  { run, target, state }: HoldFilter,
  waiting: readonly string[],
  rejected: ReadonlyMap<string, ListedHold>,
): readonly string[] {
  const refused = [...rejected].filter(([, hold]) => run === undefined || hold.run === run);
  const names = new Set([
    ...(state === 'rejected' ? [] : waiting),
    ...(state === 'waiting' ? [] : refused.map(([name]) => name)),
  ]);
  return [...names].filter((name) => target === undefined || name.startsWith(`${target} `)).sort();
}

function standing(decided: string | null, runs: string | null): Standing {
  const verdict = decided === null ? null : (JSON.parse(decided) as Verdict);
  const run = newestOf(runs);
  if (verdict?.kind === 'approved') return { kind: 'approved' };
  if (verdict?.kind === 'rejected') return { kind: 'rejected', rejection: verdict.rejection };
  if (run !== null) return { kind: 'held', run };
  return { kind: verdict?.kind ?? 'free' };
}

function nameOf({ target, key }: Removal): string {
  return `${target} ${key}`;
}

function newestOf(runs: string | null): string | null {
  return runs?.split(' ').at(-1) ?? null;
}

function asText(removal: HeldRemoval, rejection: Rejection): string {
  return JSON.stringify({ kind: 'rejected', removal, rejection } satisfies Verdict);
}

function texts(answer: unknown): readonly string[] {
  return (answer as unknown[]).map(String);
}
