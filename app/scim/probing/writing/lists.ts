/** How a PATCH changes a list that is there already: which of the three ways that a profile may name come out right. */
import type { Profile } from '../../profiles/profile.ts';
import { isJsonList, isJsonObject, type Json, ownValue } from '../../resource.ts';
import { type Observed, unseen } from '../finding.ts';
import { look, patch, type WritingProbe, type WritingScene } from './scene.ts';

type Mode = Profile['listChanges'];

const WHAT = 'PATCH: a list';

export const lists: WritingProbe = async (scene) => {
  if (scene.verb !== 'PATCH') return [unseen(WHAT, 'PATCH is not taken', modeOf)];
  const [one, two] = ['one', 'two'].map((word) => `landbridge-check-${word}@${scene.domain}`);
  if (one === undefined || two === undefined || !(await startsWith(scene, one))) {
    return [unseen(WHAT, 'mail addresses are not kept', modeOf)];
  }
  const old = { value: one, type: 'work' };
  // Of another type: some servers merge by type, and then keep the old one beside it whatever `meta.attributes` says.
  const next = { value: two, type: 'home', primary: true };
  const right: Mode[] = [];
  // Each way leads from the one address to the other. By a lone element last, since it may leave both.
  if (await leadsTo(scene, two, { meta: { attributes: ['emails'] }, emails: [next] })) right.push('replace');
  await startsWith(scene, one);
  const step = { emails: [{ ...old, operation: 'delete' }, next] };
  if (await leadsTo(scene, two, step)) right.push('elements');
  await startsWith(scene, one);
  if (await leadsTo(scene, two, { emails: [next] })) right.push('overwrite');
  return [observed(right)];
};

/** Whether the account has that one address alone, after it was asked to. */
async function startsWith(scene: WritingScene, address: string): Promise<boolean> {
  const start = { value: address, type: 'work', primary: true };
  if (await leadsTo(scene, address, { meta: { attributes: ['emails'] }, emails: [start] })) return true;
  return await leadsTo(scene, address, { emails: [start] });
}

async function leadsTo(
  scene: WritingScene,
  address: string,
  body: Readonly<Record<string, Json>>,
): Promise<boolean> {
  await patch(scene, body);
  const emails = ownValue(await look(scene), 'emails');
  const values = isJsonList(emails) ? emails.map(addressIn) : [];
  return values.length === 1 && values[0] === address;
}

function addressIn(element: Json): Json | undefined {
  return isJsonObject(element) ? ownValue(element, 'value') : element;
}

function observed(right: readonly Mode[]): Observed {
  const [first] = right;
  return {
    what: WHAT,
    shows: first === undefined ? 'changes by none of the ways' : `changes by ${right.join(', ')}`,
    against: (profile) => {
      const says = modeOf(profile);
      if (profile.update === 'put' || right.includes(profile.listChanges)) return { says, verdict: 'agrees' };
      const advice =
        first === undefined
          ? "lists cannot be changed reliably by PATCH: the profile's update has to be put"
          : `changed mail addresses come out right by further requests, if at all: the profile's listChanges has to be ${first}`;
      return { says, verdict: 'differs', advice };
    },
  };
}

function modeOf({ update, listChanges }: Profile): string {
  return update === 'put' ? 'not used' : `changes by ${listChanges}`;
}
