/** Domain controllers that do what Windows does, on scripted servers. */

import { guidText } from '../../../../app/person/binary-ids.ts';
import { createLdapSource, type LdapSourceOptions } from '../../../../app/sources/ldap/index.ts';
import { done, reference, type Saying } from '../../../support/ldap-peer/answers.ts';
import {
  asAsked,
  inPages,
  type PageHabits,
  type PeerEntry,
  ROOT_DSE,
} from '../../../support/ldap-peer/habits.ts';
import type { SearchReceived } from '../../../support/ldap-peer/requests.ts';
import { type LdapPeer, type PeerScript, startLdapPeer } from '../../../support/ldap-peer.ts';
import { T0 } from '../invented.ts';

export const DOMAIN = 'DC=example,DC=test';
const STAFF = `OU=Staff,${DOMAIN}`;
export const SHOW_DELETED = '1.2.840.113556.1.4.417';
export const DIRSYNC = '1.2.840.113556.1.4.841';

export type Node = { readonly name: string; readonly usn: bigint; readonly created?: bigint } & {
  readonly parent?: string;
  readonly deleted?: true;
  readonly classes?: readonly string[];
};

type Domain = {
  readonly nodes: readonly Node[];
  readonly committed?: string;
  /** Of the database; null: the account may not see it. */
  readonly invocation?: string | null;
  readonly controller?: string;
  readonly seesDeleted?: boolean;
  /** Result codes by the control that is refused. */
  readonly refuses?: Readonly<Record<string, number>>;
  readonly references?: readonly string[];
  readonly dirsync?: (request: SearchReceived) => readonly Saying[];
  readonly habits?: PageHabits;
};

const bytesOf = (name: string) => Buffer.from(name.padEnd(16, '.'));
export const idOf = (name: string) => guidText(bytesOf(name));

export function entryOf({ name, usn, created = 1n, parent = STAFF, deleted, classes }: Node): PeerEntry {
  const attributes = {
    objectGUID: bytesOf(name),
    sAMAccountName: name,
    objectClass: [...(classes ?? ['top', 'person', 'organizationalPerson', 'user'])],
    uSNChanged: String(usn),
    uSNCreated: String(created),
    ...(deleted === undefined ? {} : { isDeleted: 'TRUE' }),
  };
  return { dn: `CN=${name},${deleted ? `CN=Deleted Objects,${DOMAIN}` : parent}`, attributes };
}

export function windows(domain: Domain): PeerScript {
  return {
    rootDse: {
      ...ROOT_DSE.windows,
      dsServiceName: `CN=NTDS Settings,CN=${domain.controller ?? 'DC1'},CN=Configuration,${DOMAIN}`,
      highestCommittedUSN: domain.committed ?? '100',
    },
    search: (request) => answerTo(domain, request),
  };
}

function* answerTo(domain: Domain, request: SearchReceived): Generator<Saying> {
  const refused = request.controls.map(({ oid }) => domain.refuses?.[oid]).find((code) => code !== undefined);
  if (refused !== undefined) {
    yield done({ code: refused });
    return;
  }
  const only = (attributes: PeerEntry['attributes'] | null) =>
    inPages(
      request,
      attributes === null ? [] : [{ dn: request.base, attributes: asAsked(request, attributes) }],
    );
  if (request.base.startsWith('CN=NTDS Settings')) {
    const { invocation = 'database-1' } = domain;
    yield* only(invocation === null ? null : { invocationId: bytesOf(invocation) });
  } else if (request.base.startsWith('CN=Deleted Objects')) {
    if (domain.seesDeleted === false) yield done({ code: 32 });
    else yield* only({ isDeleted: 'TRUE' });
  } else if (request.controls.some(({ oid }) => oid === DIRSYNC)) {
    yield* domain.dirsync?.(request) ?? [done({ code: 50 })];
  } else {
    if (domain.references !== undefined) yield reference(...domain.references);
    const found = domain.nodes.filter((node) => matches(node, request, domain)).map(entryOf);
    const shown = found.map(({ dn, attributes }) => ({ dn, attributes: asAsked(request, attributes) }));
    yield* inPages(request, shown, domain.habits);
  }
}

function matches(node: Node, request: SearchReceived, { seesDeleted = true }: Domain): boolean {
  const { dn } = entryOf(node);
  const text = request.filterText;
  const since = /usnchanged>=(\d+)/i.exec(text)?.[1];
  const byId = /objectguid=/i.test(text);
  const showsDeleted = seesDeleted && request.controls.some(({ oid }) => oid === SHOW_DELETED);
  const isPerson = (node.classes?.at(-1) ?? 'user') === 'user';
  return (
    dn.endsWith(request.base) &&
    (request.base === DOMAIN || isPerson) &&
    (node.deleted === undefined || showsDeleted) &&
    (since === undefined || node.usn >= BigInt(since)) &&
    (!byId || text.includes(node.name.padEnd(16, '.')))
  );
}

const peers: LdapPeer[] = [];
/** For `afterEach`. */
export async function stopWindows(): Promise<void> {
  await Promise.all(peers.splice(0).map((peer) => peer.stop()));
}

export async function startWindows(domain: Domain): Promise<LdapPeer> {
  const peer = await startLdapPeer(windows(domain));
  peers.push(peer);
  return peer;
}

export function sourceAt(peersInOrder: readonly LdapPeer[], change: Partial<LdapSourceOptions> = {}) {
  return createLdapSource({
    name: 'corp',
    urls: peersInOrder.map(({ url }) => url),
    tls: 'none',
    bindDn: 'reader@example.test',
    password: () => 'pw',
    people: { base: STAFF },
    lookupBase: DOMAIN,
    reads: ['sAMAccountName'],
    tracking: 'usn-changed',
    timeoutMs: 5_000,
    now: () => T0,
    ...change,
  });
}

export const ADA: Node = { name: 'ada', usn: 10n };
export const BEA: Node = { name: 'bea', usn: 20n };
