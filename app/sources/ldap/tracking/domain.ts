/**
 * What the trackings of Active Directory ask of a domain: where its naming contexts begin, which controller answers,
 * whether the account may see what was deleted, and which entries hold others.
 *
 * Rules: [MS-ADTS] 3.1.1.1.8 (naming contexts), 3.1.1.3.4.1.14 (deleted objects), 3.1.1.3.4.1.23 (domain scope), and
 * "Let nonadministrators view the contents of the deleted objects container" of its documentation.
 */
import { AndFilter, EqualityFilter, type Filter, NotFilter, OrFilter, PresenceFilter } from 'ldapts';
import { isWithin } from '../../../person/dn.ts';
import { equals } from '../filters/filter.ts';
import type { RequestControl, Search } from '../protocol/search.ts';
import type { Session } from '../session.ts';
import { decodeAttributes, valuesOf } from '../values/attributes.ts';

export const SHOW_DELETED: RequestControl = {
  oid: '1.2.840.113556.1.4.417',
  critical: true,
  value: null,
};

/** No references to other parts of the forest: whoever stands there was never read here. */
export const DOMAIN_SCOPE: RequestControl = { oid: '1.2.840.113556.1.4.1339', critical: false, value: null };

/** Computers change all the time, and are nobody. */
export const NO_COMPUTERS: Filter = new NotFilter({ filter: equals('objectClass', 'computer') });

/** The naming contexts that hold the people and the groups. A base that the server does not hold stands for itself. */
export function contextsOf({ server, people, groups }: Session): readonly string[] {
  const contexts = [...server.values('namingContexts')].sort((a, b) => b.length - a.length);
  const bases = groups === null ? [people.base] : [people.base, groups.base];
  return [...new Set(bases.map((base) => contexts.find((context) => isWithin(base, context)) ?? base))];
}

/**
 * Which controller it is, or rather its database: a restored one has another id. Where the account may not see that,
 * the controller's name.
 */
export async function controllerOf(session: Session): Promise<string> {
  const { server } = session;
  const [service = ''] = server.values('dsServiceName');
  const [host = ''] = server.values('dnsHostName');
  const settings = service === '' ? null : await readOne(session, service, 'invocationId');
  return settings?.[0] ?? `${service}@${host}`.toLowerCase();
}

/**
 * Whether the account may see what was deleted below a naming context. Whoever may not gets an empty answer and no
 * error, as if nobody had been deleted; the container itself tells: its attributes show to those who may look into it.
 */
export async function maySeeDeleted(session: Session, context: string): Promise<boolean> {
  if (!session.server.supports(SHOW_DELETED.oid)) return false;
  const found = await readOne(session, `CN=Deleted Objects,${context}`, 'isDeleted', [SHOW_DELETED]);
  return (found ?? []).length > 0;
}

/** What an operator is told where they do not show. */
export function deletedUnseen({ settings }: Session, context: string): string {
  return (
    `${settings.account} may not see what was deleted, so deletions show at the next read of everybody only; ` +
    `let it list and read CN=Deleted Objects,${context}`
  );
}

/** Classes of entries under which people stand: where such a one moves, they move with it and are not touched. */
const BRANCHES = ['organizationalUnit', 'container', 'organization', 'locality', 'country'];
const FOLDED_BRANCHES = new Set(BRANCHES.map((name) => name.toLowerCase()));

/** @param classes values of objectClass, the most special one last; policies are of the class `container` as well */
export function isBranch(classes: readonly string[]): boolean {
  return FOLDED_BRANCHES.has(classes.at(-1)?.toLowerCase() ?? '');
}

/** What an operator is told then. */
export const BRANCH_MOVED =
  'everybody was read: a branch was renamed, moved or changed, with everybody below it';

export function branchesAmong(only: Filter): Filter {
  const classes = BRANCHES.map((value) => new EqualityFilter({ attribute: 'objectClass', value }));
  return new AndFilter({ filters: [new OrFilter({ filters: classes }), only] });
}

/** @returns the attribute's values, null where the entry does not show */
async function readOne(
  session: Session,
  base: string,
  attribute: string,
  controls: readonly RequestControl[] = [],
): Promise<readonly string[] | null> {
  const filter = new PresenceFilter({ attribute: 'objectClass' });
  const search: Search = { base, scope: 'base', filter, attributes: [attribute], controls };
  let found: readonly string[] | null = null;
  for await (const batch of session.connection.search(search)) {
    for (const item of batch) {
      if (item.kind === 'entry') found = valuesOf(decodeAttributes(item.entry), attribute);
    }
  }
  return found;
}
