/**
 * What an LDAP source is told, and the check that it makes sense before anything is asked. All problems are reported
 * at once. Secrets are no part of it: the password comes from a function when a connection is opened.
 */
import type { Filter } from 'ldapts';
import { isWithin, parseDn } from '../../person/dn.ts';
import type { LogIn } from './connection/log-in.ts';
import { problemsOfLogIn, problemsOfReach, type ReachOptions } from './connection/reach-options.ts';
import { createStanding, type Standing } from './connection/standing.ts';
import type { DialectName } from './dialects/names.ts';
import { type ParsedFilter, parseFilter } from './filters/filter-text.ts';
import type { TrackingName } from './tracking/names.ts';

export type SearchScope = 'sub' | 'one';

export type LdapSourceOptions = ReachOptions & {
  /** What kind of directory it is. Default: what the server says of itself. */
  readonly directory?: DialectName | 'auto';
  /** The one way in which changes are followed. Default: the best that works. */
  readonly tracking?: TrackingName | 'auto';
  /** Without a filter: what is usual for the kind of directory; the same for what groups leave out. */
  readonly people: { readonly base: string; readonly filter?: string; readonly scope?: SearchScope };
  /**
   * Groups are entries below a base; or, where `memberAttribute` is `memberOf`, what people's own entries say is
   * believed and the rest is left out.
   */
  readonly groups?: {
    readonly base?: string;
    readonly filter?: string;
    /** `member`, `uniqueMember`: DNs. `memberUid`: uids of people. `memberOf`: of people, the DNs of groups. */
    readonly memberAttribute?: string;
    readonly nameAttribute?: string;
    /** Whether members of a group in a group are members of both. Default true. */
    readonly nested?: boolean;
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
  readonly nested: boolean;
};

export type PeopleSettings = { readonly base: string; readonly filter: Filter; readonly scope: SearchScope };

/** Options with defaults filled in and filters parsed. What the kind of directory decides is null until it is known. */
export type LdapSettings = Omit<LdapSourceOptions, 'people' | 'groups' | 'bind' | 'bindDn' | 'password'> & {
  readonly logIn: LogIn;
  /** How messages name the account that reads: its DN where we know it. */
  readonly account: string;
  readonly standing: Standing;
  readonly referrals: 'refuse' | 'ignore';
  readonly directory: DialectName | 'auto';
  readonly tracking: TrackingName | 'auto';
  readonly people: Omit<PeopleSettings, 'filter'> & { readonly filter: Filter | null };
  readonly groups: {
    readonly base: string;
    readonly filter: Filter | null;
    readonly memberAttribute: string | null;
    readonly nameAttribute: string | null;
    readonly nested: boolean;
  } | null;
  /** Whether people's own `memberOf` says which groups they are in; then `groups` is null. */
  readonly believesMemberOf: boolean;
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
    ...problemsOfReach(options),
    ...problemsOfLogIn(options),
    ...problemsOfBases(options),
    ...problemsOfGroups(options),
    ...problemsOfNames(options),
    ...problemsOfNumbers(options),
    ...problemsOfFilter('people.filter', peopleFilter),
    ...problemsOfFilter('groups.filter', groupsFilter),
  ];
  if (problems.length > 0) throw new BadSourceOptions(options.name, problems);
  const { bind, bindDn = '', password = () => '', ...rest } = options;
  return {
    ...rest,
    logIn: bind === 'external' ? { by: 'certificate' } : { by: 'password', dn: bindDn, password },
    account: bind === 'external' ? 'the account of the client certificate' : bindDn,
    standing: createStanding(options.now),
    referrals: options.referrals ?? 'refuse',
    directory: options.directory ?? 'auto',
    tracking: options.tracking ?? 'auto',
    people: { base: people.base, filter: filterIn(peopleFilter), scope: people.scope ?? 'sub' },
    groups:
      groups?.base === undefined
        ? null
        : {
            base: groups.base,
            filter: filterIn(groupsFilter),
            memberAttribute: groups.memberAttribute ?? null,
            nameAttribute: groups.nameAttribute ?? null,
            nested: groups.nested ?? true,
          },
    believesMemberOf: isMemberOf(groups?.memberAttribute),
    lookupBase: options.lookupBase ?? people.base,
    pageSize: options.pageSize ?? 500,
    timeoutMs: options.timeoutMs ?? 10_000,
    overlapMs: options.overlapMs ?? 5 * 60_000,
  };
}

function filterIn(parsed: ParsedFilter | null): Filter | null {
  return parsed?.ok === true ? parsed.filter : null;
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

function isMemberOf(attribute: string | undefined): boolean {
  return attribute?.toLowerCase() === 'memberof';
}

function problemsOfGroups({ groups }: LdapSourceOptions): readonly string[] {
  if (groups === undefined) return [];
  if (!isMemberOf(groups.memberAttribute)) {
    return groups.base === undefined ? ['groups.base: give the DN under which groups stand'] : [];
  }
  return (['base', 'filter', 'nameAttribute', 'nested'] as const)
    .filter((field) => groups[field] !== undefined)
    .map((field) => `groups.${field}: with memberAttribute memberOf no groups are read; leave it out`);
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
