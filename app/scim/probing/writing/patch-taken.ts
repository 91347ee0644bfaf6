/** Whether PATCH is taken at all, and whether a part of the name that is sent alone leaves the other one there. */
import type { Profile } from '../../profiles/profile.ts';
import { isJsonObject, type JsonObject, ownValue } from '../../resource.ts';
import { type Shown, succeeded } from '../asking.ts';
import { type Observed, unseen } from '../finding.ts';
import { look, patch, type WritingProbe } from './scene.ts';

const TAKEN = 'PATCH';
const LONE = 'PATCH: a part of the name alone';

export const patchTaken: WritingProbe = async (scene) => {
  const given = 'Checked';
  const whole = await patch(scene, { name: { givenName: given, familyName: 'Landbridge' } });
  const changed = partOfName(await look(scene), 'givenName') === given;
  const taken = succeeded(whole) && changed;
  if (taken) scene.verb = 'PATCH';
  const verb = takenAs(whole, changed);
  if (!taken) return [verb, unseen(LONE, 'PATCH is not taken', wholeNames)];
  await patch(scene, { name: { givenName: 'Alone' } });
  return [verb, lonePart(partOfName(await look(scene), 'familyName') !== null)];
};

function partOfName(user: JsonObject, part: string): JsonObject[string] | null {
  const name = ownValue(user, 'name');
  return (isJsonObject(name) ? ownValue(name, part) : null) ?? null;
}

function takenAs(shown: Shown, changed: boolean): Observed {
  const { status } = shown;
  const taken = succeeded(shown);
  const shows =
    taken && changed ? 'taken' : taken ? `${status}, and nothing changes` : `not taken (${status})`;
  return {
    what: TAKEN,
    shows,
    against: ({ update }) => {
      if (update === 'put') return { says: 'not used', verdict: 'agrees' };
      if (taken && changed) return { says: 'taken', verdict: 'agrees' };
      return { says: 'taken', verdict: 'differs', advice: mendFor(shown) };
    },
  };
}

function mendFor({ status, alien }: Shown): string {
  const byPut =
    "PUT is used instead where PATCH is answered with 405 or 501; the profile's update could be put";
  const proxy = 'where a proxy before the target is the reason, set methodOverride: true';
  return status === 405 || status === 403 || alien ? `${proxy}; else ${byPut}` : byPut;
}

function lonePart(merges: boolean): Observed {
  return {
    what: LONE,
    shows: merges ? 'merges' : 'loses the others',
    against: (profile) => {
      const says = wholeNames(profile);
      if (merges || profile.update === 'put' || profile.wholeComplex.includes('name')) {
        return { says, verdict: 'agrees' };
      }
      const advice =
        "a changed given name would delete the family name: the profile's wholeComplex has to name it";
      return { says, verdict: 'differs', advice };
    },
  };
}

function wholeNames({ update, wholeComplex }: Profile): string {
  return update === 'put' || wholeComplex.includes('name') ? 'sent whole' : 'merges';
}
