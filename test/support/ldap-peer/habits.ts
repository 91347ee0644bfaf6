/** What kinds of servers say of themselves, and how they give long answers: for the handlers of a peer. */
import { BerReader } from 'ldapts';
import { done, entry, type Saying } from './answers.ts';
import { integer, listOf, octets, type PeerControl, sequence, type Value } from './encoding.ts';
import type { SearchReceived } from './requests.ts';

export type PeerEntry = {
  readonly dn: string;
  readonly attributes: Readonly<Record<string, Value | readonly Value[]>>;
  readonly controls?: readonly PeerControl[];
};

export const PAGED_RESULTS = '1.2.840.113556.1.4.319';

/** Root DSEs, as far as anybody looks at them: OpenLDAP 2.5, 389 DS 2.3, Windows Server 2019 (MS-ADTS 3.1.1.3.2). */
export const ROOT_DSE = {
  openldap: {
    objectClass: ['top', 'OpenLDAProotDSE'],
    structuralObjectClass: 'OpenLDAProotDSE',
    namingContexts: 'dc=example,dc=test',
    supportedControl: ['1.3.6.1.4.1.4203.1.9.1.1', PAGED_RESULTS, '2.16.840.1.113730.3.4.2'],
    supportedExtension: ['1.3.6.1.4.1.1466.20037', '1.3.6.1.4.1.4203.1.11.3'],
    supportedLDAPVersion: '3',
  },
  windows: {
    rootDomainNamingContext: 'DC=example,DC=test',
    defaultNamingContext: 'DC=example,DC=test',
    configurationNamingContext: 'CN=Configuration,DC=example,DC=test',
    schemaNamingContext: 'CN=Schema,CN=Configuration,DC=example,DC=test',
    namingContexts: ['DC=example,DC=test', 'CN=Configuration,DC=example,DC=test'],
    dsServiceName: 'CN=NTDS Settings,CN=DC1,CN=Servers,CN=Site,CN=Sites,CN=Configuration,DC=example,DC=test',
    dnsHostName: 'dc1.example.test',
    highestCommittedUSN: '4000',
    supportedControl: [PAGED_RESULTS, '1.2.840.113556.1.4.417', '1.2.840.113556.1.4.841'],
    supportedCapabilities: ['1.2.840.113556.1.4.800', '1.2.840.113556.1.4.1670'],
    supportedExtension: ['1.3.6.1.4.1.1466.20037', '1.3.6.1.4.1.4203.1.11.3'],
    supportedLDAPVersion: '3',
  },
  ds389: {
    objectClass: 'top',
    vendorName: '389 Project',
    vendorVersion: '389-Directory/2.3.1',
    namingContexts: 'dc=example,dc=test',
    supportedControl: ['2.16.840.1.113730.3.4.3', PAGED_RESULTS, '1.3.6.1.4.1.4203.1.9.1.1'],
    supportedExtension: ['1.3.6.1.4.1.1466.20037', '1.3.6.1.4.1.4203.1.11.3'],
    supportedLDAPVersion: '3',
  },
  /** A server that shows nothing of itself. */
  mute: {},
} as const satisfies Readonly<Record<string, PeerEntry['attributes']>>;

/** How a search is answered page by page, and what goes wrong on the way. Pages count from 0. */
export type PageHabits = {
  /** Never more than so many entries a page, whatever is asked for (Active Directory: 1,000). */
  readonly most?: number;
  /** These pages come without entries, and with a cookie. `all`: every page, without end. */
  readonly emptyPages?: readonly number[] | 'all';
  /** Said instead of or within a page, before its last entry. */
  readonly atPage?: Readonly<Record<number, readonly Saying[]>>;
  /** Sends everything at once and no control. */
  readonly ignorePaging?: boolean;
};

type PageWish = { readonly size: number; readonly cookie: string };

/** @returns what the paged results control of a request wishes (RFC 2696), null where it has none */
export function pageWish({ controls }: Pick<SearchReceived, 'controls'>): PageWish | null {
  const value = controls.find(({ oid }) => oid === PAGED_RESULTS)?.value ?? null;
  if (value === null) return null;
  const reader = new BerReader(value);
  reader.readSequence();
  return { size: reader.readInt() ?? 0, cookie: reader.readString() ?? '' };
}

export function pagedControl(cookie: string): PeerControl {
  return { oid: PAGED_RESULTS, value: sequence(integer(0), octets(cookie)) };
}

/** Answers with these entries, page by page. The cookie tells the page and the place, so nothing is remembered. */
export function* inPages(
  request: SearchReceived,
  entries: readonly PeerEntry[],
  habits: PageHabits = {},
): Generator<Saying> {
  const wish = pageWish(request);
  if (wish === null || habits.ignorePaging === true) {
    yield* entries.map(sayEntry);
    yield done();
    return;
  }
  const [page = 0, at = 0] = wish.cookie === '' ? [] : wish.cookie.split('@').map(Number);
  const { emptyPages = [] } = habits;
  const isEmpty = emptyPages === 'all' || emptyPages.includes(page);
  const until = isEmpty ? at : at + Math.min(wish.size, habits.most ?? wish.size);
  const shown = entries.slice(at, until);
  yield* shown.slice(0, -1).map(sayEntry);
  const instead = habits.atPage?.[page];
  if (instead !== undefined) {
    yield* instead;
    return;
  }
  yield* shown.slice(-1).map(sayEntry);
  const hasMore = until < entries.length || isEmpty;
  yield done({ controls: [pagedControl(hasMore ? `${page + 1}@${until}` : '')] });
}

export function sayEntry({ dn, attributes, controls = [] }: PeerEntry): Saying {
  return entry(dn, attributes, ...controls);
}

/**
 * A long list as Active Directory gives it (MS-ADTS 3.1.1.3.1.3.3): at most `most` values, under a name that says which.
 * @param wanted the attribute as it was asked for, such as `member` or `member;range=1500-*`
 */
export function inRange(
  wanted: string,
  values: readonly Value[],
  most = 1_500,
): Readonly<Record<string, readonly Value[]>> {
  const [name = wanted, option] = wanted.split(';range=');
  if (option === undefined && values.length <= most) return { [name]: values };
  const [from = 0, to = Number.POSITIVE_INFINITY] = (option ?? '0-*')
    .split('-')
    .map((bound) => (bound === '*' ? Number.POSITIVE_INFINITY : Number(bound)));
  const shown = values.slice(from, Math.min(to + 1, from + most));
  const isLast = from + shown.length >= values.length;
  return { [`${name};range=${from}-${isLast ? '*' : from + shown.length - 1}`]: shown };
}

/** The attributes of an entry that a search asked for, lists of over `most` values in ranges. */
export function asAsked(
  { attributes }: SearchReceived,
  kept: PeerEntry['attributes'],
  most = 1_500,
): PeerEntry['attributes'] {
  const everything = attributes.length === 0 || attributes.includes('*') || attributes.includes('+');
  const wanted = everything ? Object.keys(kept) : attributes;
  const found = wanted.flatMap((description) => {
    const type = description.split(';range=')[0]?.toLowerCase();
    const name = Object.keys(kept).find((known) => known.toLowerCase() === type);
    const values = name === undefined ? undefined : kept[name];
    if (name === undefined || values === undefined) return [];
    const range = description.slice(type?.length ?? 0);
    return Object.entries(inRange(name + range, listOf(values), most));
  });
  return Object.fromEntries(found);
}
