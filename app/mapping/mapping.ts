/**
 * The Mapping contract: turns an identity into what its account at one target should look like. Pure: the same
 * identity at the same time gives the same answer; one person's failing expression fails that person alone.
 */
import type { Identity } from '../person/identity.ts';
import type { Mention } from '../person/mention.ts';
import type { AttributePath, ScimUser } from '../scim/resource.ts';
import type { AccountPolicy } from './policy.ts';

/** Something an operator should know about how one person was mapped. Never carries an attribute's value. */
export type MappingProblem = {
  /** `mappings/agileplace.yaml:35:26` */
  readonly where: string;
  /** The attribute that was to be made, as SCIM writes it. */
  readonly attribute: string;
  readonly message: string;
};

/** An attribute that shall hold the id of another person's account at the target; `user` is without it. */
export type Reference = {
  readonly path: AttributePath;
  /** The attribute of the source that names the person, in lower case. */
  readonly from: string;
  readonly mention: Mention;
};

/**
 * `changesAt`: the earliest moment at which this would come out otherwise by itself, since something in it depends on
 * the time; absent where nothing does. Whoever acts on it has to look again then.
 */
export type Mapped = MappedNow & { readonly changesAt?: Date };

type MappedNow =
  | {
      readonly kind: 'in-scope';
      readonly user: ScimUser;
      readonly warnings: readonly MappingProblem[];
      /** For whom ids have to be found; absent where the mapping refers to nobody whatever the source says. */
      readonly references?: readonly Reference[];
      /** Where names are proposed (`unique`): these, the first one best; `user` has the first (`person/user-names.ts`). */
      readonly userNames?: readonly string[];
    }
  | { readonly kind: 'out-of-scope'; readonly reason: string }
  /** Nothing of theirs is ever written (`lifecycle.protect`). */
  | { readonly kind: 'protected'; readonly reason: string }
  /**
   * This person cannot be mapped (no userName, an expression failed). `inactive`: nevertheless it is certain that they
   * are to have no access.
   */
  | { readonly kind: 'failed'; readonly problems: readonly MappingProblem[]; readonly inactive?: true };

/** By what an account that nobody is linked to may be found; `mail`: by the person's primary address. */
export type MatchAttribute = 'externalId' | 'userName' | 'mail';

/** A further source, and how it is told which record there is somebody's. */
export type Join = {
  readonly source: string;
  /** The attribute of the person's own source that says it, in small letters. */
  readonly on: string;
  /** What that is held against there: `id`, or an attribute in small letters. */
  readonly to: string;
  /** `mappings/agileplace.yaml:5:3` */
  readonly where: string;
  /** Attributes of that source (small letters) that are read. */
  readonly reads: readonly string[];
};

export interface Mapping {
  /** File name for messages. */
  readonly file: string;
  readonly source: string;
  readonly target: string;
  /** Source attributes (lower case) that the expressions read; a directory is asked for just these. */
  readonly reads: readonly string[];
  /** Of these, what sensitive attributes are made of: nobody is shown it either. Absent where there is nothing. */
  readonly conceals?: readonly string[];
  /** Further sources, whose records are joined to those of `source`; absent where there are none. */
  readonly joins?: readonly Join[];
  /** In which order an unlinked account is looked for. */
  readonly matchOn: readonly MatchAttribute[];
  /** Where userName is proposed (`unique`): whether the target is asked for a name before it is given. */
  readonly proposesNames?: { readonly asksTarget: boolean };
  readonly policy: AccountPolicy;
  map(identity: Identity, now: Date): Mapped;
}

/** A problem as an operator reads it: `mappings/agileplace.yaml:35:26 name.familyName: …` */
export function problemInWords({ where, attribute, message }: MappingProblem): string {
  return `${where} ${attribute}: ${message}`;
}
