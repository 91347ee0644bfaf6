/**
 * What a create gets: its status and what comes back, and what a second one with a userName that is taken gets. A
 * second account of one name is the worst answer.
 */
import { CORE_URN, type JsonObject } from '../../resource.ts';
import { type Ask, type Shown, succeeded } from '../asking.ts';
import { type Observed, type Opinion, told, unseen } from '../finding.ts';
import { create, type ThrowAway } from '../throw-away.ts';
import { idOf, textOf } from '../users.ts';

export type Creation = {
  readonly observed: readonly Observed[];
  /** null where there is no account to go on with. */
  readonly id: string | null;
};

/** Makes the account: with a mail address, which some targets want, else without, since others know none. */
export async function creation(account: ThrowAway, ask: Ask, usersPath: string): Promise<Creation> {
  const plain: JsonObject = {
    schemas: [CORE_URN],
    userName: account.userName,
    name: { givenName: 'Check', familyName: 'Landbridge' },
    active: true,
  };
  const mail: JsonObject = { emails: [{ value: account.userName, type: 'work', primary: true }] };
  const full = { ...plain, ...mail };
  const first = await create(account, ask, usersPath, full);
  const [made, body] =
    first.shown.status === 400 ? [await create(account, ask, usersPath, plain), plain] : [first, full];
  if (made.id === null) return { observed: [notMade(made.shown)], id: null };
  const second = await create(account, ask, usersPath, body);
  return { observed: [...created(made.shown), repeated(second.shown)], id: made.id };
}

function notMade(shown: Shown): Observed {
  const words = shown.words === null ? '' : `: ${shown.words}`;
  return unseen('POST', succeeded(shown) ? 'made, but not found' : `refused (${shown.status})${words}`);
}

function created(shown: Shown): readonly Observed[] {
  const whole = shown.body !== null && idOf(shown.body) !== null && textOf(shown.body, 'userName') !== null;
  return [
    {
      what: 'POST',
      shows: String(shown.status),
      against: (profile) => {
        const says = profile.created.join(' or ');
        if (profile.created.includes(shown.status)) return { says, verdict: 'agrees' };
        return { says, verdict: 'differs', advice: 'no harm is done: any success of a create is believed' };
      },
    },
    {
      what: 'POST: what comes back',
      shows: whole ? 'the user' : shown.body === null ? 'nothing' : 'something else',
      against: () =>
        whole
          ? { says: 'the user', verdict: 'agrees' }
          : { says: 'the user', verdict: 'differs', advice: 'each create costs a look-up more' },
    },
    told('POST: Location', shown.headers.location === undefined ? 'left out' : 'there'),
  ];
}

function repeated(second: Shown): Observed {
  const says = 'is refused (409)';
  const made = succeeded(second);
  return {
    what: 'POST: a userName that is taken',
    shows: made ? `makes another account (${second.status})` : `is refused (${second.status})`,
    against: (): Opinion => {
      // A 400 is read as a conflict as well, and settled by a look-up.
      if (second.status === 409 || second.status === 400) return { says, verdict: 'agrees' };
      const advice = made
        ? 'nothing keeps two accounts of one name apart there: match by externalId, and let nobody else make accounts'
        : 'a taken name would be told as a refusal of the person, on the dead-letter list';
      return { says, verdict: 'differs', advice };
    },
  };
}
