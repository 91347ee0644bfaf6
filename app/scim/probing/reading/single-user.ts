/** What the read of one user shows: that an unknown id is told as such, and whether users have versions. */

import type { Shown } from '../asking.ts';
import { must, type Observed, unseen } from '../finding.ts';
import { idOf, userPath, versionOf } from '../users.ts';
import type { ReadingProbe } from './scene.ts';

export const singleUser: ReadingProbe = async ({ ask, profile, sample, nonce }) => {
  const unknown = unknownId(await ask({ method: 'GET', path: userPath(profile.usersPath, nonce) }));
  const id = sample === null ? null : idOf(sample);
  if (id === null) {
    return [unknown, unseen('read: version of a user', 'no user is listed', ({ ifMatch }) => ifMatch)];
  }
  return [unknown, version(await ask({ method: 'GET', path: userPath(profile.usersPath, id) }))];
};

function unknownId({ status, alien }: Shown): Observed {
  const asScim = (status === 404 || status === 410) && !alien;
  return must(
    'read: an id nobody has',
    '404 as SCIM',
    alien ? `${status} with a page` : asScim ? `${status} as SCIM` : String(status),
    asScim,
    'a deleted account could not be told from one that cannot be read',
  );
}

/** What is done about If-Match only a write can show. */
function version(shown: Shown): Observed {
  const seen = versionOf(shown) !== null;
  return {
    what: 'read: version of a user',
    shows: shown.headers.etag !== undefined ? 'ETag' : seen ? 'meta.version' : 'none',
    against: ({ ifMatch: says }) => {
      if (says === 'never' && seen) return { says, verdict: 'unknown' };
      if (says !== 'required' || seen) return { says, verdict: 'agrees' };
      return { says, verdict: 'differs', advice: 'no version can be sent back: ifMatch has to be any' };
    },
  };
}
