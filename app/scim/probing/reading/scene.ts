/** What each probe that only reads is given: the way to ask, and the first page of users, which was read before. */
import type { Profile } from '../../profiles/profile.ts';
import type { JsonObject } from '../../resource.ts';
import type { Ask, Shown } from '../asking.ts';
import type { Observed } from '../finding.ts';
import type { RawList } from '../users.ts';

export type ReadingScene = {
  readonly ask: Ask;
  /** Says where to ask; what it says of the answers is no matter of a probe. */
  readonly profile: Profile;
  readonly first: Shown;
  readonly list: RawList;
  /** A listed user to look at, where there is one. Its values go into requests and nowhere else. */
  readonly sample: JsonObject | null;
  /** Of a name that nobody has. */
  readonly nonce: string;
};

export type ReadingProbe = (scene: ReadingScene) => Promise<readonly Observed[]>;
