/**
 * The rows of the table. What has to come of each is the same for every server and every way to read it; the only
 * difference is that stamps do not tell of what is gone (`leavesNoStamp`).
 */
import type { Event } from '../event.ts';
import { GROUPS_AND_MANAGERS } from './groups-and-managers.ts';
import { CHANGES, FIRST_READ, PLACES } from './people.ts';
import { TROUBLES } from './troubles.ts';

export const EVENTS: readonly Event[] = [
  FIRST_READ,
  ...CHANGES,
  ...PLACES,
  ...GROUPS_AND_MANAGERS,
  ...TROUBLES,
];
