/**
 * What the last comparison of everybody found, in two sorted lists for each target and a summary. A page is asked for
 * by the place of the last item that was shown, so that it stands also where a newer comparison has replaced the lists
 * meanwhile.
 */
import type { Store } from './connection.ts';
import type { Drift, DriftLedger, DriftSummary, Page, UnknownAccount } from './ports/index.ts';

/** Between the place of an item and the item itself; no name that we keep has it. */
const END_OF_PLACE = '\u0000';
const AFTER_PLACE = '\u0001';

/** Members stored by one command. */
const BATCH = 500;

export function createDriftLedger({ redis, key }: Store): DriftLedger {
  const driftKey = (target: string) => key('drift', target);
  const unknownKey = (target: string) => key('unknown-accounts', target);
  const summaryKey = (target: string) => key('drift-summary', target);

  async function page<T>(list: string, begin: string, end: string, limit: number): Promise<Page<T>> {
    const members = await redis.zrange(list, begin, end, 'BYLEX', 'LIMIT', 0, limit + 1);
    const shown = members.slice(0, limit);
    const items = shown.map((member) => JSON.parse(member.slice(member.indexOf(END_OF_PLACE) + 1)) as T);
    const last = shown.at(-1);
    const more = members.length > shown.length && last !== undefined;
    return { items, next: more ? last.slice(0, last.indexOf(END_OF_PLACE)) : null };
  }

  return {
    async replace(target, { summary, drifts, unknownAccounts }) {
      const write = redis.multi().del(driftKey(target)).del(unknownKey(target));
      const put = (list: string, members: readonly string[]) => {
        for (let start = 0; start < members.length; start += BATCH) {
          write.zadd(list, ...members.slice(start, start + BATCH).flatMap((member) => [0, member]));
        }
      };
      put(
        driftKey(target),
        drifts.map((drift) => memberOf(placeOfDrift(drift), drift)),
      );
      put(
        unknownKey(target),
        unknownAccounts.map((account) => memberOf(placeOfAccount(account), account)),
      );
      await write.set(summaryKey(target), JSON.stringify(summary)).exec();
    },
    async summary(target) {
      const text = await redis.get(summaryKey(target));
      return text === null ? null : (JSON.parse(text) as DriftSummary);
    },
    async drifts(target, why, after, limit) {
      const [first, last] = why === null ? ['-', '+'] : [`[${why} `, `(${why}!`];
      const begin = after === null ? first : `(${after}${AFTER_PLACE}`;
      return await page<Drift>(driftKey(target), begin, last, limit);
    },
    async unknownAccounts(target, after, limit) {
      const begin = after === null ? '-' : `(${after}${AFTER_PLACE}`;
      return await page<UnknownAccount>(unknownKey(target), begin, '+', limit);
    },
  };
}

function memberOf(place: string, item: Drift | UnknownAccount): string {
  return `${place}${END_OF_PLACE}${JSON.stringify(item)}`;
}

function placeOfDrift({ why, person }: Drift): string {
  return `${why} ${withoutEnd(person)}`;
}

/** Two accounts may have one name at a target that does not mind. */
function placeOfAccount({ id, userName }: UnknownAccount): string {
  return withoutEnd(`${userName.toLowerCase()} ${id}`);
}

/** What a target calls its accounts may hold anything. */
function withoutEnd(place: string): string {
  return place.replaceAll(END_OF_PLACE, ' ').replaceAll(AFTER_PLACE, ' ');
}
