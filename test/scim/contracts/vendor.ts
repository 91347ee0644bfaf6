/**
 * A vendor's documented exchange, replayed: a server that answers as the vendor's page shows, and the client with the
 * vendor's profile. The requests that were sent and what the client made of the answers are the contract. Pages are
 * named by the tests; names and ids in them are ours.
 */
import type { Difference } from '../../../app/scim/differences.ts';
import { type Profile, profileNamed, type ScimTarget } from '../../../app/scim/index.ts';
import type { Account, ScimUser } from '../../../app/scim/resource.ts';
import type { Listed, Updated } from '../../../app/scim/target.ts';
import { aCall } from '../memory-ports.ts';
import { oddServerForEachTest, setUp } from '../set-up.ts';

export type Exchange = { readonly status: number; readonly body?: unknown; readonly headers?: object };

export type Vendor = {
  readonly target: () => ScimTarget;
  /** The server's answers, one after the other. */
  answers(...exchanges: readonly Exchange[]): void;
  /** What was asked: method and path, and the parts of the request that matter. */
  readonly lines: () => readonly string[];
  readonly bodies: () => readonly unknown[];
  readonly ifMatch: () => readonly (string | undefined)[];
};

/** @param base path of the service as the vendor has it */
export function vendor(name: string, base: string, change: Partial<Profile> = {}): Vendor {
  const server = oddServerForEachTest();
  const profile = profileNamed(name);
  if (profile === null) throw new Error(`there is no profile ${name}`);
  return {
    target: () => setUp(`${server.origin}${base}`, { name, profile: { ...profile, ...change } }).target,
    answers: (...exchanges) => {
      const left = [...exchanges];
      server.answer = (_asked, response) => {
        const { status, body, headers = {} } = left.shift() ?? { status: 500 };
        response.writeHead(status, { 'content-type': 'application/json', ...headers });
        response.end(body === undefined ? undefined : JSON.stringify(body));
      };
    },
    lines: () => server.asked.map(({ method, url }) => `${method} ${decodeURIComponent(url)}`),
    bodies: () => server.asked.map(({ body }) => (body === '' ? null : JSON.parse(body))),
    ifMatch: () => server.asked.map(({ headers }) => headers['if-match']),
  };
}

/** Writes one attribute. */
export async function change(
  target: ScimTarget,
  { id, user, version }: Account,
  path: Difference['path'],
  after: Difference['after'],
  desired: ScimUser,
): Promise<Updated> {
  const [name] = path;
  return await target.update(id, [{ path, before: user[name], after }], desired, aCall(), version);
}

export async function listed(target: ScimTarget): Promise<{
  readonly accounts: readonly Account[];
  readonly end: Listed | null;
}> {
  const accounts: Account[] = [];
  let end: Listed | null = null;
  for await (const step of target.list({ ...aCall(), waitUntil: async () => {} })) {
    if (step.kind === 'page') accounts.push(...step.accounts);
    else end = step;
  }
  return { accounts, end };
}
