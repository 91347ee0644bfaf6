/** What is done about If-Match: with a version that the account does not have, and without any. */
import type { Profile } from '../../profiles/profile.ts';
import { CORE_URN, type JsonObject } from '../../resource.ts';
import { type Shown, succeeded } from '../asking.ts';
import { type Observed, type Opinion, unseen } from '../finding.ts';
import { look, send, type WritingProbe, type WritingScene } from './scene.ts';

/** A whole number, since at some targets a version is one; no account of a minute's life has it. */
const WRONG = '"987654321"';
const STALE = 'If-Match: a wrong version';
const NONE = 'If-Match: none';

export const ifMatch: WritingProbe = async (scene) => {
  if (scene.verb === null) return [STALE, NONE].map((what) => unseen(what, 'nothing is taken', says));
  const stale = await touch(scene, scene.verb, WRONG);
  const none = await touch(scene, scene.verb, null);
  return [stalenessTold(stale), needed(none)];
};

/** The account as it is, which changes nothing. */
async function touch(scene: WritingScene, verb: 'PATCH' | 'PUT', version: string | null): Promise<Shown> {
  const { meta: _meta, groups: _groups, ...whole } = await look(scene);
  const name: JsonObject = { name: { givenName: 'Alone', familyName: 'Landbridge' }, active: true };
  return await send(scene, verb, { schemas: [CORE_URN], ...(verb === 'PUT' ? whole : {}), ...name }, version);
}

function stalenessTold(shown: Shown): Observed {
  const ignored = succeeded(shown);
  return {
    what: STALE,
    shows: ignored ? 'is ignored' : `is refused (${shown.status})`,
    against: (profile): Opinion => {
      const wanted = says(profile);
      if (profile.ifMatch === 'never') {
        if (ignored) return { says: wanted, verdict: 'agrees' };
        const advice =
          "what somebody else changes meanwhile could be kept: the profile's ifMatch could be echo";
        return { says: wanted, verdict: 'differs', advice };
      }
      if (!ignored || profile.ifMatch !== 'required') {
        // Echoing a version that nobody looks at does no harm.
        return { says: wanted, verdict: ignored ? 'unknown' : 'agrees' };
      }
      const advice = "versions are read for nothing: the profile's ifMatch could be never";
      return { says: wanted, verdict: 'differs', advice };
    },
  };
}

function needed(shown: Shown): Observed {
  const taken = succeeded(shown);
  return {
    what: NONE,
    shows: taken ? 'is taken' : `is refused (${shown.status})`,
    against: (profile): Opinion => {
      const wanted =
        profile.ifMatch === 'required' ? 'is refused' : profile.ifMatch === 'any' ? 'not sent' : 'is taken';
      if (profile.ifMatch === 'any' || taken === (wanted === 'is taken'))
        return { says: wanted, verdict: 'agrees' };
      const advice = taken
        ? "a read before each write could be saved: the profile's ifMatch could be echo"
        : "changes would be refused: the profile's ifMatch has to be required";
      return { says: wanted, verdict: 'differs', advice };
    },
  };
}

function says({ ifMatch: mode }: Profile): string {
  return mode === 'never' ? 'is ignored' : 'is refused';
}
