/** Whether an attribute that is named in `meta.attributes` of a PATCH is gone afterwards. */
import type { Profile } from '../../profiles/profile.ts';
import { type Observed, unseen } from '../finding.ts';
import { textOf } from '../users.ts';
import { look, patch, type WritingProbe } from './scene.ts';

const WHAT = 'PATCH: meta.attributes';
/** Something that an account can do without; the first that the target keeps is used. */
const CANDIDATES = ['title', 'nickName', 'timezone'];
const VALUE = 'Europe/Paris';

export const clearing: WritingProbe = async (scene) => {
  if (scene.verb !== 'PATCH') return [unseen(WHAT, 'PATCH is not taken', says)];
  for (const name of CANDIDATES) {
    await patch(scene, { [name]: VALUE });
    if (textOf(await look(scene), name) === null) continue;
    await patch(scene, { meta: { attributes: [name] } });
    return [cleared(textOf(await look(scene), name) === null)];
  }
  return [unseen(WHAT, 'nothing to clear is kept', says)];
};

function cleared(gone: boolean): Observed {
  return {
    what: WHAT,
    shows: gone ? 'clears' : 'does not clear',
    against: (profile) => {
      if (gone || profile.update === 'put') return { says: says(profile), verdict: 'agrees' };
      const advice = "what leaves the mapping would stay at the target: the profile's update has to be put";
      return { says: says(profile), verdict: 'differs', advice };
    },
  };
}

function says({ update }: Profile): string {
  return update === 'put' ? 'not used' : 'clears';
}
