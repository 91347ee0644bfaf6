/** What the steps of keeping a group at a target share: the parts they are given, and the one group they work on. */
import type { GroupMapping } from '../../mapping/group/group-mapping.ts';
import type { GroupKey } from '../../person/anchor.ts';
import type { GroupTarget } from '../../scim/groups/group-target.ts';
import type { Call } from '../../scim/target.ts';
import type { DueGroups, DueMark, GroupLinks, Groups, Lease, ServedGroup } from '../../store/ports/index.ts';
import type { ProvisionDeps } from '../provisioning/work.ts';
import type { ReviewedGroup } from './reviewed-group.ts';

export type GroupDeps = Pick<
  ProvisionDeps,
  | 'links'
  | 'due'
  | 'leases'
  | 'holds'
  | 'tallies'
  | 'runs'
  | 'breakers'
  | 'deadLetters'
  | 'adoptions'
  | 'bell'
  | 'provisioningLog'
  | 'signals'
  | 'policy'
  | 'now'
  | 'newId'
> & {
  readonly target: { readonly name: string; readonly groups: GroupTarget };
  readonly groupMappings: readonly GroupMapping[];
  readonly groups: Groups;
  readonly groupLinks: GroupLinks;
  readonly dueGroups: DueGroups;
};

/** One group at one target, under a lease. */
export type GroupWork = {
  readonly key: GroupKey;
  readonly target: string;
  readonly mark: DueMark;
  readonly lease: Lease;
  readonly call: Call;
  /** People in it who have no account there. */
  readonly waiting: NonNullable<ServedGroup['waiting']>;
  /** Set where a plan is applied. */
  readonly reviewed?: ReviewedGroup | undefined;
};

export const NOBODY_WAITS: GroupWork['waiting'] = { count: 0, people: [] };
