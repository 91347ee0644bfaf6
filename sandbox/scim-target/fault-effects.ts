/**
 * Carries out the faults that struck a request, around the target's own work.
 *
 * Order: waits before, an answer instead of the work, the work, waits after, an answer instead of its result. Waits
 * add up; at most one fault answers. Faults about lists are handed to the list as `Distortions`.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { type Fault, takesOver } from './fault.ts';
import { emptyReply, errorReply, jsonReply, type Reply, textReply } from './reply.ts';
import { errorList } from './scim-error.ts';

/** How a list is falsified. */
export type Distortions = {
  readonly ignoreFilter: boolean;
  /** `nothing`: each request gets the first page. */
  readonly startIndexCounts: 'from-1' | 'from-0' | 'pages-from-0' | 'pages-from-1' | 'nothing';
  /** By how many entries every page but the first begins too early (below 0) or too late. */
  readonly shift: number;
  /** null: as it is. */
  readonly itemsPerPage: number | null;
  readonly total: number | null;
  readonly totalAsText: boolean;
  /** Whom the list leaves out: lower-case ids and userNames, or everybody. */
  readonly hidden: 'everybody' | ReadonlySet<string>;
};

type Phase = 'before-commit' | 'after-commit';

/** @param closing ends all waits when the server stops */
export async function runUnderFaults(
  faults: readonly Fault[],
  work: (distortions: Distortions) => Reply,
  closing: AbortSignal,
): Promise<Reply> {
  await waitFor(faults, 'before-commit', closing);
  const instead = answerOf(faults, 'before-commit');
  if (instead) return instead;
  const reply = work(distortionsOf(faults));
  await waitFor(faults, 'after-commit', closing);
  return answerOf(faults, 'after-commit') ?? dressed(faults, withoutBody(faults, reply));
}

async function waitFor(faults: readonly Fault[], phase: Phase, closing: AbortSignal): Promise<void> {
  for (const fault of faults) {
    if (fault.kind !== 'latency' || fault.phase !== phase) continue;
    await wait(fault.milliseconds, undefined, { signal: closing });
  }
}

function answerOf(faults: readonly Fault[], phase: Phase): Reply | undefined {
  const taking = faults.find(takesOver);
  return taking && phaseOf(taking) === phase ? replyOf(taking) : undefined;
}

function phaseOf(fault: Fault): Phase {
  if (fault.kind === 'drop-after-commit') return 'after-commit';
  return 'phase' in fault ? fault.phase : 'before-commit';
}

/** undefined for faults that do not answer by themselves. */
function replyOf(fault: Fault): Reply | undefined {
  switch (fault.kind) {
    case 'drop-before-commit':
    case 'drop-after-commit':
      return { kind: 'drop' };
    case 'status':
      return errorReply(
        fault.status,
        fault.description,
        fault.retryAfter === undefined ? {} : { 'Retry-After': fault.retryAfter },
      );
    case 'unavailable':
      return errorReply(503, 'The service is down for maintenance.', { 'Retry-After': fault.retryAfter });
    case 'html-error':
      return textReply(
        fault.status,
        'text/html',
        '<!doctype html><html><head><title>Error</title></head><body><h1>Bad gateway</h1></body></html>',
      );
    case 'text-error':
      return textReply(fault.status, 'text/plain', fault.text);
    case 'sign-in-page':
      return textReply(
        200,
        'text/html',
        '<!doctype html><html><head><title>Sign in</title></head><body><form method="post"></form></body></html>',
      );
    case 'unauthorized':
      return errorReply(401, 'The credential is not valid.', { 'WWW-Authenticate': 'Basic realm="scim"' });
    case 'error-in-success':
      return jsonReply(fault.status, errorList(fault.code, fault.description));
    case 'redirect':
      return emptyReply(fault.status, { Location: fault.location });
    case 'huge-body':
      return { kind: 'answer', status: 200, headers: {}, content: { kind: 'flood', bytes: fault.bytes } };
    default:
      return undefined;
  }
}

function withoutBody(faults: readonly Fault[], reply: Reply): Reply {
  const succeeded = reply.kind === 'answer' && reply.status === 200;
  return succeeded && faults.some((fault) => fault.kind === 'no-content') ? emptyReply(204) : reply;
}

function dressed(faults: readonly Fault[], reply: Reply): Reply {
  const fault = faults.find((struck) => struck.kind === 'content-type');
  if (!fault || reply.kind === 'drop' || reply.content.kind === 'none') return reply;
  return { ...reply, headers: { ...reply.headers, 'Content-Type': fault.value } };
}

function distortionsOf(faults: readonly Fault[]): Distortions {
  const total = faults.find((fault) => fault.kind === 'wrong-total');
  return {
    ignoreFilter: faults.some((fault) => fault.kind === 'ignore-filter'),
    startIndexCounts: faults.some((fault) => fault.kind === 'ignore-paging')
      ? 'nothing'
      : (faults.find((fault) => fault.kind === 'odd-paging')?.startIndexCounts ?? 'from-1'),
    shift: faults.find((fault) => fault.kind === 'moved-entries')?.by ?? 0,
    itemsPerPage: faults.find((fault) => fault.kind === 'items-per-page')?.value ?? null,
    total: total?.total ?? null,
    totalAsText: total?.asText ?? false,
    hidden: hiddenBy(faults),
  };
}

function hiddenBy(faults: readonly Fault[]): Distortions['hidden'] {
  const hiding = faults
    .filter((fault) => fault.kind === 'hide-from-search')
    .map((fault) => fault.user?.toLowerCase());
  const named = hiding.filter((user) => user !== undefined);
  return named.length < hiding.length ? 'everybody' : new Set(named);
}
