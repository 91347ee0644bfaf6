/**
 * Puts our credential to each SCIM request, and decides what a 401 means: one more try where there is another
 * credential to try, else the whole target pauses (O-19). A request that got 401 was not carried out, so repeating it
 * is safe.
 */
import { TargetUnusable } from '../../errors.ts';
import type { BudgetedClient, UsefulAnswer } from '../budget/budgeted-client.ts';
import { passwordsIn } from '../passwords.ts';
import type { JsonObject } from '../resource.ts';
import type { Call } from '../target.ts';
import type { HttpMethod } from '../wire/client.ts';
import type { Authentication, Credential } from './authentication.ts';

export type ScimRequest = {
  readonly method: HttpMethod;
  readonly path: string;
  /** The request in words, for messages; without values. */
  readonly what: string;
  readonly body?: JsonObject;
  /** Carried out only where the user still has this ETag. */
  readonly ifMatch?: string;
};

export type ScimAnswer = Exclude<UsefulAnswer, { kind: 'unauthorized' }>;

export type ScimClient = {
  /** @throws TargetUnusable (unauthorized) where every credential we have is refused, and what the layers below throw */
  send(request: ScimRequest, call: Call): Promise<ScimAnswer>;
};

export function createAuthenticatedClient(
  client: BudgetedClient,
  authentication: Authentication,
): ScimClient {
  const sendAs = (credential: Credential, request: ScimRequest, call: Call) => {
    const { method, path, what, body, ifMatch } = request;
    const secrets = [...credential.secrets, ...passwordsIn(body)];
    const common = {
      method,
      path,
      what,
      writes: method !== 'GET',
      authorization: credential.authorization,
      secrets,
      ...(ifMatch === undefined ? {} : { ifMatch }),
    };
    return client.send(body === undefined ? common : { ...common, body: JSON.stringify(body) }, call);
  };
  return {
    async send(request, call) {
      const credential = await authentication.current(call);
      const answer = await sendAs(credential, request, call);
      if (answer.kind !== 'unauthorized') {
        authentication.accepted(credential);
        return answer;
      }
      const other = await authentication.replacement(credential, call);
      if (other === null) throw unauthorized(request);
      const second = await sendAs(other, request, call);
      if (second.kind === 'unauthorized') throw unauthorized(request);
      authentication.accepted(other);
      return second;
    },
  };
}

function unauthorized(request: ScimRequest): TargetUnusable {
  return new TargetUnusable('unauthorized', `${request.what}: our credential was refused (401); renew it`);
}
