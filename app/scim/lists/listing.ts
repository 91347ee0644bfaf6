/**
 * Lists all resources of one kind, page by page. What to ask for next and what the end proves is decided in
 * `paging.ts`; here is only the asking. It keeps the ids it has seen and nothing else.
 *
 *   an answer other than a page              first page            later page
 *   ──────────────────────────────────────   ───────────────────   ─────────────────────────────────────────────
 *   400, 404 as SCIM, 409, 501 and the like  thrown, as in a find  the listing ends there, incomplete: the service
 *                                                                  is there, it only does not give this page
 *   everything else                          thrown, as in a find  thrown, as in a find
 */
import { RateLimited, TargetUnavailable } from '../../errors.ts';
import type { ScimAnswer, ScimClient, ScimRequest } from '../auth/authenticated-client.ts';
import type { ListCall, ListEnd } from '../target.ts';
import { type Page, type ReadResource, readPage } from './page.ts';
import { afterPage, NOTHING_YET, nextStep, type PagingHabits } from './paging.ts';

/** What is listed, and how an entry of it is read. */
export type Listing<T> = {
  readonly client: ScimClient;
  readonly habits: PagingHabits;
  /** From the root of the origin: `/v1/Users`. */
  readonly path: string;
  /** `filter=…`, where not everything is wanted. */
  readonly query?: string;
  /** `users at NAME`, for messages. */
  readonly what: string;
  readonly read: ReadResource<T>;
  /** The error for an answer that is no page. */
  readonly failed: (answer: NoPage, request: ScimRequest) => Error;
};

export type NoPage = Exclude<ScimAnswer, { kind: 'resource' }>;

export type ListStep<T> =
  /** Each resource once in a listing, never none. */
  { readonly kind: 'page'; readonly resources: readonly T[] } | ListEnd;

export async function* listResources<T extends { readonly id: string }>(
  listing: Listing<T>,
  call: ListCall,
): AsyncGenerator<ListStep<T>> {
  const seen = new Set<string>();
  let progress = NOTHING_YET;
  for (;;) {
    const step = nextStep(progress, listing.habits);
    if (step.kind === 'end') {
      yield { kind: 'end', ...step.verdict, requests: progress.pages };
      return;
    }
    const request = pageRequest(step.startIndex, listing);
    const answer = await patiently(() => listing.client.send(request, call), call);
    if (answer.kind !== 'resource') {
      if (progress.pages === 0 || !refuses(answer)) throw listing.failed(answer, request);
      const problem = `page ${progress.pages + 1} was refused (${answer.status})`;
      yield { kind: 'end', complete: false, problem, requests: progress.pages + 1 };
      return;
    }
    const page = pageIn(answer, request, listing);
    const resources = unseen(page.resources, seen);
    progress = afterPage(progress, { ...page, fresh: resources.length });
    if (resources.length > 0) yield { kind: 'page', resources };
  }
}

/** Asks again for the same thing when the budget has room again. */
export async function patiently<T>(ask: () => Promise<T>, call: ListCall): Promise<T> {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof RateLimited)) throw error;
      await call.waitUntil(error.until);
    }
  }
}

function pageRequest(
  startIndex: number | null,
  { path, query, what, habits }: Listing<unknown>,
): ScimRequest {
  const parts = [
    query,
    startIndex === null ? undefined : `startIndex=${startIndex}`,
    `count=${habits.pageSize}`,
  ];
  return {
    method: 'GET',
    path: `${path}?${parts.filter((part) => part !== undefined).join('&')}`,
    what: `list of ${what}`,
  };
}

function pageIn<T extends { readonly id: string }>(
  answer: Extract<ScimAnswer, { kind: 'resource' }>,
  request: ScimRequest,
  { read }: Listing<T>,
): Page<T> {
  const page = readPage(answer.body, read);
  if (page === null) throw new TargetUnavailable(`${request.what}: the answer is not a list`);
  return page;
}

/** Those whose id is new; from now on it is not. */
function unseen<T extends { readonly id: string }>(resources: readonly T[], seen: Set<string>): readonly T[] {
  const fresh = resources.filter(({ id }) => !seen.has(id));
  for (const { id } of fresh) seen.add(id);
  return fresh;
}

function refuses(answer: NoPage): boolean {
  switch (answer.kind) {
    case 'missing':
    case 'unsupported':
    case 'conflict':
    case 'refused':
      return true;
    case 'empty':
    case 'unreadable':
    case 'forbidden':
      return false;
  }
}
