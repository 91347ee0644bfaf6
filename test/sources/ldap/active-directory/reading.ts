/** Sources over the private domain, and what they tell in names that a test can be written in. */

import type { Entry } from '../../../../app/person/entry.ts';
import { createLdapSource, type LdapSourceOptions } from '../../../../app/sources/ldap/index.ts';
import type { Source, SourceItem, Watermark } from '../../../../app/sources/source.ts';
import { GROUPS, type Samba, STAFF, SUFFIX } from '../../../support/samba.ts';
import { never, T0 } from '../invented.ts';

export type AccountName = keyof Samba['accounts'];

export function sourceOf(
  samba: Samba,
  account: AccountName,
  change: Partial<LdapSourceOptions> = {},
): Source {
  return createLdapSource({ ...optionsOf(samba, account), ...change });
}

/** How the private domain is read by one of its accounts. */
export function optionsOf(samba: Samba, account: AccountName): LdapSourceOptions {
  const { dn, password } = samba.accounts[account];
  return {
    name: 'corp',
    urls: [samba.ldapsUrl],
    tls: 'ldaps',
    ca: samba.ca,
    bindDn: dn,
    password: () => password,
    people: { base: STAFF },
    groups: { base: GROUPS },
    lookupBase: SUFFIX,
    reads: ['sAMAccountName', 'title', 'manager', 'userAccountControl', 'accountExpires', 'objectSid'],
    timeoutMs: 10_000,
    now: () => T0,
  };
}

export type Told = {
  readonly items: readonly SourceItem[];
  /** By sAMAccountName. */
  readonly people: Readonly<Record<string, Entry>>;
  readonly groups: Readonly<Record<string, readonly string[]>>;
  /** Ids of people. */
  readonly absent: readonly string[];
  readonly end: Extract<SourceItem, { kind: 'end' }>;
};

export async function tell(
  source: Source,
  since: Watermark | null,
  everyone = since === null,
): Promise<Told> {
  const items: SourceItem[] = [];
  for await (const item of source.read({ since, everyone }, never)) items.push(item);
  const end = items.at(-1);
  if (end?.kind !== 'end') throw new Error('the last item is not the end');
  const people = items.flatMap((item) => (item.kind === 'person' ? [item.entry] : []));
  const groups = items.flatMap((item) => (item.kind === 'group' ? [item.group] : []));
  return {
    items,
    people: Object.fromEntries(
      people.map((entry) => [entry.attributes['samaccountname']?.[0] ?? '?', entry]),
    ),
    groups: Object.fromEntries(groups.map(({ name, members }) => [name, members])),
    absent: items.flatMap((item) =>
      item.kind === 'absent' && item.what === 'person' ? [item.stableId] : [],
    ),
    end,
  };
}

/** A source that is read again and again, each time from where it was read to; people by the names they had first. */
export async function follow(source: Source) {
  const first = await tell(source, null);
  const names = new Map(
    Object.entries(first.people).map(([name, { stableId }]) => [stableId as string, name]),
  );
  let mark = first.end.watermark;
  return {
    first,
    names,
    async poll() {
      const told = await tell(source, mark);
      mark = told.end.watermark;
      for (const [name, { stableId }] of Object.entries(told.people)) names.set(stableId, name);
      return {
        ...told,
        who: Object.keys(told.people).sort(),
        absent: told.absent.flatMap((id) => names.get(id) ?? []).sort(),
      };
    },
  };
}
