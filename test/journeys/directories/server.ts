/**
 * What the table of directories needs of a real server: to be administered in the same way as the others, each in its
 * own words. What truly differs between them stands in one file each beside this one.
 */
import type { TrackingName } from '../../../app/sources/ldap/tracking/names.ts';
import type { Administration, Modification } from '../../../sandbox/directory/administration.ts';
import { type LdifAttributes, ldifEntry } from '../../../sandbox/directory/ldif.ts';
import type { Account } from '../../../sandbox/directory/slapd.ts';

/** Where people stand: in the scope, in a branch of it, outside. */
export type Branch = 'staff' | 'engines' | 'former';

/** Attributes of a person that all of the servers call the same. */
export type Facts = Readonly<
  Partial<Record<'mail' | 'givenName' | 'sn' | 'title' | 'employeeType' | 'manager', string>>
>;

export type Kind = {
  readonly title: string;
  readonly suffix: string;
  readonly bases: Readonly<Record<Branch | 'groups', string>>;
  /** What a person's DN begins with. */
  rdnOf(name: string): string;
  person(name: string, facts: Facts): LdifAttributes;
  group(name: string, members: readonly string[]): LdifAttributes;
  readonly disable: Modification;
  /** How a mapping tells who is disabled, in YAML. */
  readonly active: { readonly reads: string; readonly rule: string };
  /** Whether `manager` may name somebody who is not there. */
  readonly takesAnyManager: boolean;
};

/** One way to read a server, and as whom. `configured` is what the source is told. */
export type Way = {
  readonly tracking: TrackingName;
  readonly configured: TrackingName | 'auto';
  readonly account: Account;
  /** Whether Landbridge runs as it is deployed, as a web and a worker process. */
  readonly asProcesses?: true;
};

export type Server = Kind &
  Omit<Administration, 'read'> & {
    readonly ways: readonly Way[];
    /** Where it takes LDAP over TLS, and the authority of its certificate, which is for `localhost`, too. */
    readonly address: { readonly host: string; readonly port: number };
    readonly ca: string;
    /** The stable id of who stands there, in the server's own words. */
    idOf(dn: string): Promise<string>;
    /** When the entry was last modified, to the second. */
    stampOf(dn: string): Promise<string>;
    /** The right of those who read to see people. */
    readonly rights: { take(): Promise<void>; give(): Promise<void> };
    restart(): Promise<void>;
    stop(): Promise<void>;
  };

export function dnOf({ rdnOf, bases }: Kind, name: string, branch: Branch = 'staff'): string {
  return `${rdnOf(name)},${bases[branch]}`;
}

export function groupDnOf({ bases }: Kind, name: string): string {
  return `cn=${name},${bases.groups}`;
}

export function personLdif(kind: Kind, name: string, facts: Facts): string {
  return ldifEntry(dnOf(kind, name), kind.person(name, facts));
}

export function groupLdif(kind: Kind, name: string, members: readonly string[]): string {
  return ldifEntry(groupDnOf(kind, name), kind.group(name, members));
}
