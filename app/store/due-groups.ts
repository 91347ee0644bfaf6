/** Which groups are due at which target, and how the last work for each ended: marked and served like people. */
import type { GroupKey } from '../person/anchor.ts';
import type { Store } from './connection.ts';
import { dueMarksOf } from './due-marks.ts';
import type { DueGroups, ServedGroup } from './ports/index.ts';

export function createDueGroups(store: Store): DueGroups {
  return dueMarksOf<GroupKey, ServedGroup>(store, 'group-');
}
