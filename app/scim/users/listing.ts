/**
 * Lists all users of a target, page by page. What to ask for next and what the end proves is decided in `paging.ts`;
 * here is only the asking. It keeps the ids it has seen and nothing else.
 *
 *   an answer other than a page of users     first page            later page
 *   ──────────────────────────────────────   ───────────────────   ─────────────────────────────────────────────
 *   400, 404 as SCIM, 409, 501 and the like  thrown, as in a find  the listing ends there, incomplete: the service
 *                                                                  is there, it only does not give this page
 *   everything else                          thrown, as in a find  thrown, as in a find
 */
import { RateLimited, TargetUnavailable } from '../../errors.ts';
import type { ScimAnswer, ScimRequest } from '../auth/authenticated-client.ts';
import type { Account } from '../resource.ts';
import type { ListCall, Listed } from '../target.ts';
import { readUserPage, type UserPage } from './list.ts';
import { readFailed, type ScimTargetParts } from './look-up.ts';
import { afterPage, NOTHING_YET, nextStep } from './paging.ts';

export async function* listAccounts(parts: ScimTargetParts, call: ListCall): AsyncGenerator<Listed> {
  const seen = new Set<string>();
  let progress = NOTHING_YET;
  for (;;) {
    const step = nextStep(progress, parts.profile);
    if (step.kind === 'end') {
      yield { kind: 'end', ...step.verdict, requests: progress.pages };
      return;
    }
    const request = pageRequest(step.startIndex, parts);
    const answer = await sendPatiently(request, parts, call);
    if (answer.kind !== 'resource') {
      if (progress.pages === 0 || !refuses(answer)) throw readFailed(answer, request);
      const problem = `page ${progress.pages + 1} was refused (${answer.status})`;
      yield { kind: 'end', complete: false, problem, requests: progress.pages + 1 };
      return;
    }
    const page = pageIn(answer, request);
    const accounts = unseen(page.accounts, seen);
    progress = afterPage(progress, { ...page, fresh: accounts.length });
    if (accounts.length > 0) yield { kind: 'page', accounts };
  }
}

/** Asks again for the same page when the budget has room again. */
async function sendPatiently(
  request: ScimRequest,
  { client }: ScimTargetParts,
  call: ListCall,
): Promise<ScimAnswer> {
  for (;;) {
    try {
      return await client.send(request, call);
    } catch (error) {
      if (!(error instanceof RateLimited)) throw error;
      await call.waitUntil(error.until);
    }
  }
}

function pageRequest(startIndex: number | null, { name, basePath, profile }: ScimTargetParts): ScimRequest {
  const start = startIndex === null ? '' : `startIndex=${startIndex}&`;
  return {
    method: 'GET',
    path: `${basePath}/Users?${start}count=${profile.pageSize}`,
    what: `list of users at ${name}`,
  };
}

function pageIn(answer: Extract<ScimAnswer, { kind: 'resource' }>, request: ScimRequest): UserPage {
  const page = readUserPage(answer.body);
  if (page === null) throw new TargetUnavailable(`${request.what}: the answer is not a list of users`);
  return page;
}

/** The accounts whose id is new; from now on it is not. */
function unseen(accounts: readonly Account[], seen: Set<string>): readonly Account[] {
  const fresh = accounts.filter(({ id }) => !seen.has(id));
  for (const { id } of fresh) seen.add(id);
  return fresh;
}

function refuses(answer: Exclude<ScimAnswer, { kind: 'resource' }>): boolean {
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
