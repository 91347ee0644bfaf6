/**
 * Takes a user away by DELETE. What that does to the account is the target's business (`profile.deletes`): some only
 * switch it off. A user who is not there counts as well, where the service itself says so; a page does not (O-12 d, e).
 */
import type { ScimRequest } from '../auth/authenticated-client.ts';
import type { Call, Removed } from '../target.ts';
import { lacksVersion, precondition } from '../version.ts';
import { sendToUser } from './gone.ts';
import { findById, type ScimTargetParts, unsupported, userRequest } from './look-up.ts';
import { readRefused } from './updated.ts';

export async function remove(
  id: string,
  parts: ScimTargetParts,
  call: Call,
  version?: string,
): Promise<Removed> {
  const [current] = lacksVersion(version, parts.profile) ? await findById(id, parts, call) : [{ version }];
  if (current === undefined) return { kind: 'missing' };
  const request: ScimRequest = {
    ...userRequest('DELETE', id, parts),
    ...precondition(current.version, parts.profile),
  };
  const answer = await sendToUser(request, id, parts, call);
  switch (answer.kind) {
    case 'resource':
    case 'empty':
    case 'unreadable':
      return { kind: 'removed' };
    case 'missing':
      return { kind: 'missing' };
    case 'unsupported':
      throw unsupported(request, answer.status);
    case 'conflict':
    case 'refused':
    case 'forbidden':
      return await readRefused(answer, id, request, parts, call);
  }
}
