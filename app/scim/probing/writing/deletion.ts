/** What DELETE does: whether the account is gone afterwards, or still there and switched off. */
import type { Profile } from '../../profiles/profile.ts';
import { ownValue } from '../../resource.ts';
import { type Shown, succeeded } from '../asking.ts';
import { must, type Observed } from '../finding.ts';
import { userPath, versionOf } from '../users.ts';
import { read, type WritingProbe } from './scene.ts';

export const deletion: WritingProbe = async (scene) => {
  const version = versionOf(await read(scene));
  const path = userPath(scene.profile.usersPath, scene.id);
  const answer = await scene.ask({
    method: 'DELETE',
    path,
    ...(version === null ? {} : { ifMatch: version }),
  });
  const taken = must(
    'DELETE',
    'taken',
    succeeded(answer) ? `taken (${answer.status})` : `not taken (${answer.status})`,
    succeeded(answer),
    'accounts can be switched off but not removed',
  );
  return [taken, afterwards(effectOf(await read(scene)))];
};

type Effect = Profile['deletes'];

function effectOf(shown: Shown): Effect {
  if (shown.status === 404 || shown.status === 410) return shown.alien ? 'unknown' : 'removes';
  return shown.body !== null && ownValue(shown.body, 'active') === false ? 'deactivates' : 'unknown';
}

function afterwards(effect: Effect): Observed {
  return {
    what: 'DELETE: what it does',
    shows: effect === 'unknown' ? 'cannot be told' : effect,
    against: ({ deletes, deactivate }) => {
      if (deletes === 'unknown') return { says: '-', verdict: 'unknown' };
      if (effect === 'unknown') return { says: deletes, verdict: 'unknown' };
      if (effect === deletes) return { says: deletes, verdict: 'agrees' };
      const advice =
        deactivate === 'delete' && effect === 'removes'
          ? 'DANGER: leavers would be erased rather than switched off: use another profile'
          : `the profile's deletes has to be ${effect}`;
      return { says: deletes, verdict: 'differs', advice };
    },
  };
}
