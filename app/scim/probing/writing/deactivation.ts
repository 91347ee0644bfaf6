/**
 * Whether an account is switched off and on by `active`, and the most dangerous habit there is: a PATCH that does not
 * mention `active` and switches a leaver on again.
 */
import type { Profile } from '../../profiles/profile.ts';
import { CORE_URN, type Json, ownValue } from '../../resource.ts';
import { type Observed, unseen } from '../finding.ts';
import { versionOf } from '../users.ts';
import { change, look, read, send, type WritingProbe, type WritingScene } from './scene.ts';

const OFF = 'active: false';
const SILENT = 'PATCH without active, switched off';
const ON = 'active: true';

export const deactivation: WritingProbe = async (scene) => {
  await change(scene, { active: false });
  const off = await activeNow(scene);
  if (off !== false) {
    const why = 'it could not be switched off';
    return [switchedOff(off), unseen(SILENT, why, silence), unseen(ON, why)];
  }
  const silent = await silently(scene);
  if (silent.shows === 'switches it on') await change(scene, { active: false });
  await change(scene, { active: true });
  return [switchedOff(off), silent, switchedOn(await activeNow(scene))];
};

async function activeNow(scene: WritingScene): Promise<Json | undefined> {
  return ownValue(await look(scene), 'active');
}

/** An account that shows no `active` may be off or on; nothing follows from it. */
function switchedOff(active: Json | undefined): Observed {
  const shows =
    active === false ? 'switches off' : active === undefined ? 'is not shown' : 'does not switch off';
  return {
    what: OFF,
    shows,
    against: ({ deactivate }) => {
      if (deactivate === 'delete') return { says: 'not used', verdict: 'agrees' };
      if (active === false) return { says: 'switches off', verdict: 'agrees' };
      if (active === undefined) return { says: 'switches off', verdict: 'unknown' };
      const advice =
        'leavers would keep their access: nothing can be provisioned there before that is settled';
      return { says: 'switches off', verdict: 'differs', advice };
    },
  };
}

async function silently(scene: WritingScene): Promise<Observed> {
  if (scene.verb !== 'PATCH') return unseen(SILENT, 'PATCH is not taken', silence);
  const version = versionOf(await read(scene));
  await send(
    scene,
    'PATCH',
    { schemas: [CORE_URN], name: { givenName: 'Off', familyName: 'Landbridge' } },
    version,
  );
  const stays = (await activeNow(scene)) === false;
  return {
    what: SILENT,
    shows: stays ? 'leaves it off' : 'switches it on',
    against: (profile) => {
      const says = silence(profile);
      if (stays || says !== 'leaves it off') return { says, verdict: 'agrees' };
      const advice =
        "DANGER: any change to a leaver switches the account on again: the profile's alwaysSend has to name active";
      return { says, verdict: 'differs', advice };
    },
  };
}

function silence({ update, alwaysSend }: Profile): string {
  if (update === 'put') return 'not used';
  return alwaysSend.includes('active') ? 'never sent' : 'leaves it off';
}

function switchedOn(active: Json | undefined): Observed {
  const on = active === true;
  return {
    what: ON,
    shows: on ? 'switches on' : 'does not switch on',
    against: () =>
      on
        ? { says: 'switches on', verdict: 'agrees' }
        : { says: 'switches on', verdict: 'differs', advice: 'who comes back has to be switched on by hand' },
  };
}
