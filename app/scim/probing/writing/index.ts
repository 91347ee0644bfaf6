/** The probes that change the throw-away account, in the order in which they have to come; DELETE is the last. */
import { clearing } from './clearing.ts';
import { deactivation } from './deactivation.ts';
import { deletion } from './deletion.ts';
import { ifMatch } from './if-match.ts';
import { lists } from './lists.ts';
import { patchTaken } from './patch-taken.ts';
import { putTaken } from './put-taken.ts';
import type { WritingProbe } from './scene.ts';

export const WRITING_PROBES: readonly WritingProbe[] = [
  patchTaken,
  lists,
  clearing,
  putTaken,
  ifMatch,
  deactivation,
  deletion,
];
