/** Whether PUT is taken, and whether an attribute that it leaves out is gone afterwards. */
import type { Profile } from '../../profiles/profile.ts';
import { type Shown, succeeded } from '../asking.ts';
import { type Observed, unseen } from '../finding.ts';
import { textOf } from '../users.ts';
import { look, put, type WritingProbe } from './scene.ts';

const TAKEN = 'PUT';
const LEFT_OUT = 'PUT: what is left out';
const CANDIDATES = ['title', 'nickName', 'timezone'];
const VALUE = 'Europe/Paris';

export const putTaken: WritingProbe = async (scene) => {
  const shown = await put(scene, {});
  const taken = takenAs(shown);
  if (!succeeded(shown)) return [taken, unseen(LEFT_OUT, 'PUT is not taken', says)];
  scene.verb ??= 'PUT';
  for (const name of CANDIDATES) {
    await put(scene, { [name]: VALUE });
    if (textOf(await look(scene), name) === null) continue;
    await put(scene, { [name]: undefined });
    return [taken, leftOut(textOf(await look(scene), name) === null)];
  }
  return [taken, unseen(LEFT_OUT, 'nothing to clear is kept', says)];
};

function takenAs(shown: Shown): Observed {
  const taken = succeeded(shown);
  return {
    what: TAKEN,
    shows: taken ? 'taken' : `not taken (${shown.status})`,
    against: ({ update }) => {
      const wanted = update === 'put' ? 'taken' : 'not used';
      if (taken || update === 'patch') return { says: wanted, verdict: 'agrees' };
      const advice = "accounts cannot be changed by PUT: the profile's update has to be patch";
      return { says: wanted, verdict: 'differs', advice };
    },
  };
}

function leftOut(gone: boolean): Observed {
  return {
    what: LEFT_OUT,
    shows: gone ? 'is cleared' : 'stays',
    against: (profile) => {
      if (gone || profile.update === 'patch') return { says: says(profile), verdict: 'agrees' };
      const advice = 'what leaves the mapping stays at the target; the alert not-cleared names it, once';
      return { says: says(profile), verdict: 'differs', advice };
    },
  };
}

function says({ update }: Profile): string {
  return update === 'put' ? 'is cleared' : 'not used';
}
