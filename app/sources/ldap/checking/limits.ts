/**
 * How many entries the server gives in a page and without pages. Who reads page by page may be granted more than who
 * does not, and Content Sync does not. Nothing but names of entries is asked for.
 */
import { type Finding, good, told, wrong } from '../../checking/report.ts';
import { inWords, limitInWords, resultError } from '../connection/failures.ts';
import { PAGED_RESULTS, pagedResults } from '../connection/pages.ts';
import type { RequestControl } from '../protocol/search.ts';
import type { Scene } from './scene.ts';

/** @param people how many the read of everybody has found */
export async function limitFindings(scene: Scene, people: number): Promise<readonly Finding[]> {
  scene.check.note('looking for limits');
  return [await pages(scene, people), await unpaged(scene, people)];
}

async function pages(scene: Scene, people: number): Promise<Finding> {
  const { server, settings } = scene.session;
  const { pageSize } = settings;
  const what = 'page';
  if (!server.supports(PAGED_RESULTS))
    return told(what, 'the server knows no pages and gives everything at once');
  const { entries, refusal } = await count(scene, [pagedResults(pageSize, Buffer.alloc(0))]);
  if (refusal !== null) return wrong(what, refusal, 'set poll.pageSize to what the server allows');
  if (entries < Math.min(pageSize, people))
    return told(what, `${entries} entries at most, of ${pageSize} asked for`);
  return good(what, `of ${pageSize} entries may be asked for`);
}

async function unpaged(scene: Scene, people: number): Promise<Finding> {
  const { entries, refusal } = await count(scene, []);
  const what = 'without pages';
  return refusal === null ? good(what, 'no limit is met') : told(what, `${entries} of ${people}: ${refusal}`);
}

type Counted = { readonly entries: number; readonly refusal: string | null };

async function count({ session }: Scene, controls: readonly RequestControl[]): Promise<Counted> {
  const { connection, people } = session;
  const attempt = connection.attempt(people.base);
  let entries = 0;
  let refusal: string | null = null;
  for await (const batch of connection.search({ ...people, attributes: ['1.1'], controls })) {
    for (const item of batch) {
      if (item.kind === 'entry') entries += 1;
      if (item.kind !== 'done' || item.code === 0) continue;
      const error = resultError(item.code, item.diagnostic);
      refusal = limitInWords(error, attempt) ?? inWords(error, attempt);
    }
  }
  return { entries, refusal };
}
