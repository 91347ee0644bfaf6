/**
 * Reads a search page by page (RFC 2696) and says of each page whether it tells everything.
 *
 * The next page is asked for while the end of the one before is being worked on. A page without entries but with a cookie is not
 * the end: Active Directory sends such pages, and whoever stops there takes everybody behind them for gone.
 */
import { BerWriter } from 'ldapts';
import { BadEncoding, elementsIn, elementWithin } from '../protocol/ber.ts';
import type { RawEntry, ResponseControl, SearchItem } from '../protocol/messages.ts';
import type { RequestControl, Search } from '../protocol/search.ts';
import type { Connection } from './connection.ts';
import { limitInWords, resultError, unavailable } from './failures.ts';
import type { References } from './references.ts';

/** Some of a page's entries, as they came. `problem` says why the page does not tell everything; null where it does. */
export type Page = { readonly entries: readonly RawEntry[]; readonly problem: string | null };

export const PAGED_RESULTS = '1.2.840.113556.1.4.319';

/** So many pages without anybody in a row, and the server is not going to end. */
const MOST_EMPTY_PAGES = 1_000;

const NO_COOKIE = Buffer.alloc(0);

/**
 * @returns the entries as they come, so that a page is never held as a whole; with the last of each page its problem
 * @param elsewhere what references to other servers mean for an answer: `References.judge`
 * @throws SourceUnavailable when the answer broke off
 */
export async function* readPages(
  connection: Connection,
  search: Search,
  pageSize: number,
  elsewhere: References['judge'],
): AsyncGenerator<Page, void> {
  const ask = (cookie: Buffer) => askAhead(connection, search, pageSize, cookie);
  let empty = 0;
  let answer = ask(NO_COOKIE);
  try {
    for (;;) {
      const { entries, named, references, done } = yield* untilDone(answer, connection, search.base);
      const { problem, cookie } = endOfPage(connection, search, references, done, elsewhere);
      empty = named === 0 ? empty + 1 : 0;
      const isEndless = empty > MOST_EMPTY_PAGES;
      const isLast = cookie.length === 0 || isEndless;
      if (!isLast) answer = ask(cookie);
      const endless = isEndless ? `the server sends empty pages without end below ${search.base}` : null;
      yield { entries, problem: endless ?? problem };
      if (isLast) return;
    }
  } finally {
    // Not waited for: a page that was asked for ahead may be long in coming.
    void answer.batches.return().catch(() => {});
  }
}

type Asked = {
  readonly batches: ReturnType<Connection['search']>;
  readonly first: ReturnType<Asked['batches']['next']>;
};

function askAhead(connection: Connection, search: Search, pageSize: number, cookie: Buffer): Asked {
  const controls = [...(search.controls ?? []), pagedResults(pageSize, cookie)];
  const batches = connection.search({ ...search, controls });
  const first = batches.next();
  // Its failure is told when it is waited for; until then it must not count as one that nobody caught.
  first.catch(() => {});
  return { batches, first };
}

/** The end of a page, with the entries that came in one batch with it. `named`: how many the page has in all. */
type Last = {
  readonly entries: readonly RawEntry[];
  readonly named: number;
  readonly references: readonly string[];
  readonly done: Done;
};

type Done = Extract<SearchItem, { kind: 'done' }>;

async function* untilDone(
  { batches, first }: Asked,
  connection: Connection,
  base: string,
): AsyncGenerator<Page, Last> {
  const references: string[] = [];
  let named = 0;
  for (let step = await first; step.done !== true; step = await batches.next()) {
    const entries: RawEntry[] = [];
    for (const item of step.value) {
      if (item.kind === 'entry') entries.push(item.entry);
      else if (item.kind === 'reference') for (const url of item.urls) references.push(url);
    }
    named += entries.length;
    const last = step.value.at(-1);
    if (last?.kind === 'done') return { entries, named, references, done: last };
    if (entries.length > 0) yield { entries, problem: null };
  }
  throw unavailable(new Error('the answer has no end'), connection.attempt(base));
}

type End = { readonly problem: string | null; readonly cookie: Buffer };

function endOfPage(
  connection: Connection,
  { base }: Search,
  references: readonly string[],
  done: Done,
  elsewhere: References['judge'],
): End {
  if (done.code !== 0) {
    const error = resultError(done.code, done.diagnostic);
    const problem = limitInWords(error, connection.attempt(base));
    if (problem === null) throw unavailable(error, connection.attempt(base));
    return { problem, cookie: NO_COOKIE };
  }
  try {
    return { problem: elsewhere(references, base), cookie: cookieIn(done.controls) };
  } catch (error) {
    throw unavailable(error, connection.attempt(base));
  }
}

/** Asks for a page (RFC 2696). @param cookie empty for the first one */
export function pagedResults(size: number, cookie: Buffer): RequestControl {
  const value = new BerWriter();
  value.startSequence();
  value.writeInt(size);
  value.writeBuffer(cookie, 0x04);
  value.endSequence();
  return { oid: PAGED_RESULTS, critical: false, value: value.buffer };
}

/** Empty where the server has nothing more, or does not know pages and has sent everything at once. */
function cookieIn(controls: readonly ResponseControl[]): Buffer {
  const value = controls.find(({ oid }) => oid === PAGED_RESULTS)?.value ?? null;
  if (value === null) return NO_COOKIE;
  const [, cookie] = elementsIn(value, elementWithin(value, 0, value.length));
  if (cookie === undefined) throw new BadEncoding('a page without its cookie');
  return Buffer.from(value.subarray(cookie.start, cookie.end));
}
