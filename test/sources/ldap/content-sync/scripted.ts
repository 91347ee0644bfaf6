/** A source over a scripted server that answers content sync requests as a test says. */
import { createLdapSource } from '../../../../app/sources/ldap/index.ts';
import type { Source } from '../../../../app/sources/source.ts';
import { done, type Saying } from '../../../support/ldap-peer/answers.ts';
import { syncDone, syncEntry, syncWish } from '../../../support/ldap-peer/content-sync.ts';
import { ROOT_DSE } from '../../../support/ldap-peer/habits.ts';
import { type LdapPeer, startLdapPeer } from '../../../support/ldap-peer.ts';
import { GROUPS, PEOPLE, T0, uuid } from '../invented.ts';

export type Answer = readonly Saying[];

export type Answers = {
  /** @param cookie what was sent, null for none */
  readonly people: (cookie: string | null) => Answer;
  /** Default: nothing new. */
  readonly groups?: (cookie: string | null) => Answer;
};

export type Scripted = {
  readonly source: Source;
  /** From now on it answers so. */
  answer(answers: Answers): void;
  /** The cookies that were sent for people, or for groups, since the last `answer`. */
  cookies(base?: string): readonly (string | null)[];
  readonly peer: LdapPeer;
};

export async function startScripted(): Promise<Scripted> {
  const peer = await startLdapPeer();
  let from = 0;
  const source = createLdapSource({
    name: 'corp',
    urls: [peer.url],
    tls: 'none',
    bindDn: 'cn=reader,dc=example,dc=test',
    password: () => 'pw',
    tracking: 'content-sync',
    people: { base: PEOPLE },
    groups: { base: GROUPS },
    reads: ['uid', 'sn'],
    timeoutMs: 10_000,
    now: () => T0,
  });
  return {
    source,
    peer,
    answer({ people, groups = () => nothing() }) {
      from = peer.received.length;
      peer.become({
        rootDse: ROOT_DSE.openldap,
        search: (request) => {
          const cookie = syncWish(request)?.cookie ?? null;
          return request.base === PEOPLE ? people(cookie) : groups(cookie);
        },
      });
    },
    cookies: (base = PEOPLE) =>
      peer.received
        .slice(from)
        .flatMap((request) =>
          request.kind === 'search' && request.base === base ? [syncWish(request)?.cookie ?? null] : [],
        ),
  };
}

const UIDS = ['ada', 'bea', 'cleo'];

export const idOf = (uid: string) => uuid(1 + UIDS.indexOf(uid));
export const dnOf = (uid: string) => `uid=${uid},${PEOPLE}`;
/** How a follower shows them. */
export const known = (uid: string) => `${uid} ${uid} at ${dnOf(uid)}`;

export const says = (uid: string) => syncEntry(dnOf(uid), idOf(uid), { uid, sn: uid });
export const end = (cookie: string | null, refreshDeletes?: boolean) =>
  done({ controls: [syncDone(cookie, refreshDeletes)] });
export const nothing = (): Answer => [end(null, true)];
export const everybody = (cookie: string, uids: readonly string[]): Answer => [
  ...uids.map(says),
  end(cookie),
];
export const allGroups = (cookie: string): Answer => [
  syncEntry(`cn=all,${GROUPS}`, uuid(90), { cn: 'all', member: dnOf('ada') }),
  end(cookie),
];
