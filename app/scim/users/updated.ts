/**
 * What the answer to an update means, whether it went out as PATCH or as PUT. No error ever says that a write was not
 * carried out where it may have been.
 */
import { LeaseLost, RateLimited, Refused, TargetUnavailable } from '../../errors.ts';
import type { ScimAnswer, ScimRequest } from '../auth/authenticated-client.ts';
import type { Call, Updated } from '../target.ts';
import { sameVersion } from '../version.ts';
import { accountIn, findById, type ScimTargetParts } from './look-up.ts';

export async function readUpdated(
  answer: Exclude<ScimAnswer, { kind: 'unsupported' }>,
  id: string,
  request: ScimRequest,
  parts: ScimTargetParts,
  call: Call,
): Promise<Updated> {
  switch (answer.kind) {
    case 'resource':
    case 'empty':
    case 'unreadable': {
      const account = accountIn(answer, id, parts.profile);
      return account === null ? await reread(id, request, parts, call) : { kind: 'written', account };
    }
    case 'missing':
      return { kind: 'missing' };
    case 'conflict':
    case 'refused':
    case 'forbidden':
      return await readRefused(answer, id, request, parts, call);
  }
}

/**
 * What a refused write means: whether the version that it was meant for is an old one.
 * @throws Refused where it is about something else
 */
export async function readRefused(
  answer: Extract<ScimAnswer, { kind: 'conflict' | 'refused' | 'forbidden' }>,
  id: string,
  request: ScimRequest,
  parts: ScimTargetParts,
  call: Call,
): Promise<{ readonly kind: 'changed' | 'missing' }> {
  const moved = await movedOn(answer, id, request, parts, call);
  if (moved !== null) return { kind: moved };
  throw new Refused(answer.status, answer.words);
}

/**
 * Whether a refusal is about the version that the request was meant for. 412 says so; a 409 may mean that as well, or a
 * name that is taken (draft-scim-api-01, 3.9; UAA answers an old version so), and only a fresh look tells.
 * @returns null where it is about something else
 */
async function movedOn(
  answer: ScimAnswer,
  id: string,
  request: ScimRequest,
  parts: ScimTargetParts,
  call: Call,
): Promise<'changed' | 'missing' | null> {
  if (isPreconditionFailed(answer, request)) return 'changed';
  const { ifMatch } = request;
  if (answer.kind !== 'conflict' || ifMatch === undefined || ifMatch === '*') return null;
  const [now] = await findById(id, parts, call);
  if (now === undefined) return 'missing';
  return now.version === undefined || sameVersion(now.version, ifMatch) ? null : 'changed';
}

/** Some servers say 412 to other things, too; of what no If-Match was sent, it is no word about versions. */
export function isPreconditionFailed(answer: ScimAnswer, request: ScimRequest): boolean {
  return answer.kind === 'refused' && answer.status === 412 && request.ifMatch !== undefined;
}

/** After a 204 we do not know what the target made of our values, and its echo has to be remembered. */
export async function reread(
  id: string,
  request: ScimRequest,
  parts: ScimTargetParts,
  call: Call,
): Promise<Updated> {
  const unread = `${request.what}: done, but what came of it could not be read`;
  const [account] = await afterWrite(unread, () => findById(id, parts, call));
  return account === undefined ? { kind: 'missing' } : { kind: 'written', account };
}

/** What follows a write that went through: if it fails, that must not read as "nothing was written". */
export async function afterWrite<T>(words: string, next: () => Promise<T>): Promise<T> {
  try {
    return await next();
  } catch (error) {
    if (error instanceof LeaseLost) throw error;
    const notBefore = error instanceof RateLimited ? error.until : noticeOf(error);
    throw new TargetUnavailable(words, { outcomeUnknown: true, notBefore, cause: error });
  }
}

function noticeOf(error: unknown): Date | null {
  return error instanceof TargetUnavailable ? error.notBefore : null;
}
