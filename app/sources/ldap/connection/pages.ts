/**
 * Reads a search page by page (RFC 2696) and says of each page whether it tells everything.
 *
 * The next page is asked for while the one before is being worked on. A page without entries but with a cookie is not
 * the end: Active Directory sends such pages, and whoever stops there takes everybody behind them for gone.
 */
import { BerWriter } from 'ldapts';
import { elementsIn, elementWithin } from '../protocol/ber.ts';
import type { RawEntry, ResponseControl, SearchItem } from '../protocol/messages.ts';
import type { RequestControl, Search } from '../protocol/search.ts';
import type { Connection } from './connection.ts';
import { limitInWords, resultError, unavailable } from './failures.ts';

/** `problem` says why this page does not tell everything; null where it does. */
export type Page = { readonly entries: readonly RawEntry[]; readonly problem: string | null };

export const PAGED_RESULTS = '1.2.840.113556.1.4.319';

/** So many pages without anybody in a row, and the server is not going to end. */
const MOST_EMPTY_PAGES = 1_000;

const NO_COOKIE = Buffer.alloc(0);

type Answer = Page & { readonly cookie: Buffer };

/**
 * @param isHarmless whether a reference to another server (an LDAP URL) leads to nobody who is looked for
 * @throws SourceUnavailable when the answer broke off
 */
export async function* readPages(
  connection: Connection,
  search: Search,
  pageSize: number,
  isHarmless: (url: string) => boolean,
): AsyncGenerator<Page, void> {
  let empty = 0;
  let next: Promise<Answer> | null = readPage(connection, search, pageSize, NO_COOKIE, isHarmless);
  while (next !== null) {
    const { entries, problem, cookie }: Answer = await next;
    empty = entries.length === 0 ? empty + 1 : 0;
    const isEndless = empty > MOST_EMPTY_PAGES;
    next =
      cookie.length === 0 || isEndless ? null : readPage(connection, search, pageSize, cookie, isHarmless);
    // Its failure is told when it is asked for; until then it must not count as one that nobody caught.
    next?.catch(() => {});
    yield {
      entries,
      problem: isEndless ? `the server sends empty pages without end below ${search.base}` : problem,
    };
  }
}

async function readPage(
  connection: Connection,
  search: Search,
  pageSize: number,
  cookie: Buffer,
  isHarmless: (url: string) => boolean,
): Promise<Answer> {
  const controls = [...(search.controls ?? []), pagedResults(pageSize, cookie)];
  const entries: RawEntry[] = [];
  const references: string[] = [];
  for await (const batch of connection.search({ ...search, controls })) {
    for (const item of batch) {
      if (item.kind === 'entry') entries.push(item.entry);
      else if (item.kind === 'reference') references.push(...item.urls);
      else if (item.kind === 'done')
        return endOfPage(connection, search, entries, references, item, isHarmless);
    }
  }
  throw unavailable(new Error('the answer has no end'), connection.attempt(search.base));
}

function endOfPage(
  connection: Connection,
  { base }: Search,
  entries: readonly RawEntry[],
  references: readonly string[],
  done: Extract<SearchItem, { kind: 'done' }>,
  isHarmless: (url: string) => boolean,
): Answer {
  if (done.code !== 0) {
    const error = resultError(done.code, done.diagnostic);
    const problem = limitInWords(error, connection.attempt(base));
    if (problem === null) throw unavailable(error, connection.attempt(base));
    return { entries, problem, cookie: NO_COOKIE };
  }
  const elsewhere = references.some((url) => !isHarmless(url));
  const problem = elsewhere
    ? `part of ${base} is held by another server (referral); choose a base without it or another server`
    : null;
  return { entries, problem, cookie: cookieIn(done.controls) };
}

function pagedResults(size: number, cookie: Buffer): RequestControl {
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
  if (cookie === undefined) return NO_COOKIE;
  return Buffer.from(value.subarray(cookie.start, cookie.end));
}
