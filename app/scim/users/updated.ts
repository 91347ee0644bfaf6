/**
 * What the answer to an update means, whether it went out as PATCH or as PUT. No error ever says that a write was not
 * carried out where it may have been.
 */
import { LeaseLost, RateLimited, Refused, TargetUnavailable } from '../../errors.ts';
import type { ScimAnswer, ScimRequest } from '../auth/authenticated-client.ts';
import type { Call, Updated } from '../target.ts';
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
      const account = accountIn(answer, id);
      return account === null ? await reread(id, request, parts, call) : { kind: 'written', account };
    }
    case 'missing':
      return { kind: 'missing' };
    case 'conflict':
    case 'refused':
    case 'forbidden':
      throw new Refused(answer.status, answer.words);
  }
}

/** After a 204 we do not know what the target made of our values, and its echo has to be remembered. */
export async function reread(
  id: string,
  request: ScimRequest,
  parts: ScimTargetParts,
  call: Call,
): Promise<Updated> {
  const [account] = await afterWrite(request, () => findById(id, parts, call));
  return account === undefined ? { kind: 'missing' } : { kind: 'written', account };
}

/** A look after a write that went through: if it fails, that must not read as "nothing was written". */
export async function afterWrite<T>(request: ScimRequest, look: () => Promise<T>): Promise<T> {
  try {
    return await look();
  } catch (error) {
    if (error instanceof LeaseLost) throw error;
    const notBefore = error instanceof RateLimited ? error.until : noticeOf(error);
    throw new TargetUnavailable(`${request.what}: done, but what came of it could not be read`, {
      outcomeUnknown: true,
      notBefore,
      cause: error,
    });
  }
}

function noticeOf(error: unknown): Date | null {
  return error instanceof TargetUnavailable ? error.notBefore : null;
}
