/**
 * What an LDAP source is told, and the check that it makes sense before anything is asked. All problems are reported
 * at once. Secrets are no part of it: the password comes from a function when a connection is opened.
 */
import type { Filter } from 'ldapts';
import { SOURCE_NAME } from '../../person/anchor.ts';
import type { DialectName } from './dialects/names.ts';
import { type ParsedFilter, parseFilter } from './filters/filter-text.ts';
import type { TrackingName } from './tracking/names.ts';
import { isWithin, parseDn } from './values/dn.ts';

export type SearchScope = 'sub' | 'one';

export type LdapSourceOptions = {
  readonly name: string;
  /** Tried in this order. */
  readonly urls: readonly string[];
  /** `none` sends the password in clear; only for a server on the same machine. */
  readonly tls: 'ldaps' | 'starttls' | 'none';
  /** PEM text of the authority; without it, those that Node knows. */
  readonly ca?: string;
  /** The name that the certificate must hold, where it is not the host of the URL. */
  readonly serverName?: string;
  readonly bindDn: string;
  readonly password: () => string;
  /** What kind of directory it is. Default: what the server says of itself. */
  readonly directory?: DialectName | 'auto';
  /** The one way in which changes are followed. Default: the best that works. */
  readonly tracking?: TrackingName | 'auto';
  /** Without a filter: what is usual for the kind of directory; the same for what groups leave out. */
  readonly people: { readonly base: string; readonly filter?: string; readonly scope?: SearchScope };
  readonly groups?: {
    readonly base: string;
    readonly filter?: string;
    /** `member`, `uniqueMember`: DNs. `memberUid`: uids of people under the people base. */
    readonly memberAttribute?: string;
    readonly nameAttribute?: string;
  };
  /** Where somebody who left the people base is looked for. It must hold the people base. Default: that base. */
  readonly lookupBase?: string;
  /** The attributes that mappings read. */
  readonly reads: readonly string[];
  /** Default 500. */
  readonly pageSize?: number;
  /** For connecting and for each answer. Default 10 s. */
  readonly timeoutMs?: number;
  /** How far behind the watermark each read begins, for entries that a replica delivers late. Default 5 min. */
  readonly overlapMs?: number;
  /** Only differences are used, to know how long a read took. */
  readonly now: () => Date;
};

export type GroupSettings = {
  readonly base: string;
  readonly filter: Filter;
  readonly memberAttribute: string;
  readonly nameAttribute: string;
};

export type PeopleSettings = { readonly base: string; readonly filter: Filter; readonly scope: SearchScope };

/** Options with defaults filled in and filters parsed. What the kind of directory decides is null until it is known. */
export type LdapSettings = Omit<LdapSourceOptions, 'people' | 'groups'> & {
  readonly directory: DialectName | 'auto';
  readonly tracking: TrackingName | 'auto';
  readonly people: Omit<PeopleSettings, 'filter'> & { readonly filter: Filter | null };
  readonly groups: {
    readonly base: string;
    readonly filter: Filter | null;
    readonly memberAttribute: string | null;
    readonly nameAttribute: string | null;
  } | null;
  readonly lookupBase: string;
  readonly pageSize: number;
  readonly timeoutMs: number;
  readonly overlapMs: number;
};

/** A source was configured in a way that cannot work. For the operator, at start. */
export class BadSourceOptions extends Error {
  override name = 'BadSourceOptions';
  readonly problems: readonly string[];
  constructor(source: string, problems: readonly string[]) {
    super(`source ${source}: ${problems.join('; ')}`);
    this.problems = problems;
  }
}

const ATTRIBUTE_NAME = /^(?:[a-z][a-z0-9-]*|\d+(?:\.\d+)+)(?:;[a-z0-9-]+)*$/i;

/** @returns what is wrong with a filter, null where nothing is */
export function filterProblem(text: string): string | null {
  const parsed = parseFilter(text);
  return parsed.ok ? null : parsed.problem;
}

/** Whether the text is a DN under which something can stand. */
export function isDn(text: string): boolean {
  return (parseDn(text)?.length ?? 0) > 0;
}

/** @throws BadSourceOptions with every problem found */
export function checkOptions(options: LdapSourceOptions): LdapSettings {
  const { people, groups } = options;
  const peopleFilter = people.filter === undefined ? null : parseFilter(people.filter);
  const groupsFilter = groups?.filter === undefined ? null : parseFilter(groups.filter);
  const problems = [
    ...problemsOfConnection(options),
    ...problemsOfBases(options),
    ...problemsOfNames(options),
    ...problemsOfNumbers(options),
    ...problemsOfFilter('people.filter', peopleFilter),
    ...problemsOfFilter('groups.filter', groupsFilter),
  ];
  if (problems.length > 0) throw new BadSourceOptions(options.name, problems);
  return {
    ...options,
    directory: options.directory ?? 'auto',
    tracking: options.tracking ?? 'auto',
    people: { base: people.base, filter: filterIn(peopleFilter), scope: people.scope ?? 'sub' },
    groups:
      groups === undefined
        ? null
        : {
            base: groups.base,
            filter: filterIn(groupsFilter),
            memberAttribute: groups.memberAttribute ?? null,
            nameAttribute: groups.nameAttribute ?? null,
          },
    lookupBase: options.lookupBase ?? people.base,
    pageSize: options.pageSize ?? 500,
    timeoutMs: options.timeoutMs ?? 10_000,
    overlapMs: options.overlapMs ?? 5 * 60_000,
  };
}

function filterIn(parsed: ParsedFilter | null): Filter | null {
  return parsed?.ok === true ? parsed.filter : null;
}

function problemsOfConnection({ name, urls, tls, bindDn }: LdapSourceOptions): readonly string[] {
  const problems: string[] = [];
  if (!SOURCE_NAME.test(name))
    problems.push('name: use lower-case letters, digits and hyphens, a letter first');
  if (urls.length === 0) problems.push('urls: give at least one server');
  if (bindDn.trim() === '')
    problems.push('bindDn: give the account to log in with; anonymous reading is refused');
  const protocol = tls === 'ldaps' ? 'ldaps:' : 'ldap:';
  urls.forEach((text, index) => {
    const url = URL.canParse(text) ? new URL(text) : null;
    if (url === null || url.hostname === '' || url.protocol !== protocol) {
      problems.push(
        `urls[${index}]: with tls "${tls}" it must read ${protocol}//host or ${protocol}//host:port`,
      );
    } else if (url.username !== '' || url.password !== '') {
      problems.push(`urls[${index}]: a URL must not carry a user or password; use bindDn and password`);
    }
  });
  return problems;
}

function problemsOfBases({ people, groups, lookupBase }: LdapSourceOptions): readonly string[] {
  const bases = { 'people.base': people.base, 'groups.base': groups?.base, lookupBase };
  const problems = Object.entries(bases)
    .filter(([, base]) => base !== undefined && !isDn(base))
    .map(([field]) => `${field}: this is not a DN such as ou=people,dc=example,dc=com`);
  // Else somebody who is present would be looked for in the wrong place and be taken for gone.
  if (problems.length === 0 && lookupBase !== undefined && !isWithin(people.base, lookupBase)) {
    problems.push('lookupBase: it must hold people.base');
  }
  return problems;
}

function problemsOfNames({ reads, groups }: LdapSourceOptions): readonly string[] {
  return [...reads, groups?.memberAttribute, groups?.nameAttribute]
    .filter((name) => name !== undefined)
    .filter((name) => !ATTRIBUTE_NAME.test(name))
    .map((name) => `"${name}" is not the name of an attribute; name each attribute, without * or +`);
}

function problemsOfNumbers({ pageSize, timeoutMs, overlapMs }: LdapSourceOptions): readonly string[] {
  const least = { pageSize: [pageSize, 1], timeoutMs: [timeoutMs, 1], overlapMs: [overlapMs, 0] } as const;
  return Object.entries(least)
    .filter(
      ([, [value, minimum]]) => value !== undefined && !(Number.isSafeInteger(value) && value >= minimum),
    )
    .map(([field, [, minimum]]) => `${field}: it must be a whole number of at least ${minimum}`);
}

function problemsOfFilter(field: string, parsed: ParsedFilter | null): readonly string[] {
  return parsed === null || parsed.ok ? [] : [`${field}: ${parsed.problem}`];
}
