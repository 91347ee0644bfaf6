/**
 * Checks a live target against its profile: asks what each probe asks, and says what agrees, what differs and what to
 * do about it. Without `write` nothing is changed there. With it one throw-away account is made, changed and removed
 * again, also where the check is broken off. It changes no profile: which one is right is decided by a person.
 */
import { TargetUnavailable, TargetUnusable } from '../../errors.ts';
import { type ScimTargetOptions, scimLayers } from '../create-scim-target.ts';
import { PROFILES } from '../profiles/index.ts';
import type { Profile } from '../profiles/profile.ts';
import { type Ask, type AskingCall, askingOver, createWitness, succeeded } from './asking.ts';
import { type Finding, findingFor, must, type Observed } from './finding.ts';
import { READING_PROBES } from './reading/index.ts';
import type { ReadingScene } from './reading/scene.ts';
import { type LeftAccount, removeAll, type ThrowAway, throwAway } from './throw-away.ts';
import { idOf, rawList, textOf } from './users.ts';
import { creation } from './writing/creation.ts';
import { WRITING_PROBES } from './writing/index.ts';
import type { WritingScene } from './writing/scene.ts';

export type TargetCheck = {
  readonly target: ScimTargetOptions;
  /** Make a throw-away account with a name in that domain; null: only read. */
  readonly write: { readonly userDomain: string } | null;
  readonly call: AskingCall;
  /** For removing the account, which goes on where `call` was broken off. */
  readonly cleaningCall: AskingCall;
  /** What nobody's name is: `landbridge-check-` and something by chance. */
  readonly nonce: string;
};

export type TargetReport = {
  readonly findings: readonly Finding[];
  /** A profile that differs in fewer places, and in how many. */
  readonly fitsBetter: { readonly profile: string; readonly differences: number } | null;
  /** Why it ended before everything was asked; null where it did not. */
  readonly brokenOff: string | null;
  /** The throw-away accounts that are still there. */
  readonly left: readonly LeftAccount[];
};

/** @throws what is no expected failure of a target */
export async function checkTarget(check: TargetCheck): Promise<TargetReport> {
  const { profile, name } = check.target;
  const witness = createWitness();
  const layers = scimLayers(check.target, witness.around);
  const parts = { target: name, basePath: layers.basePath, client: layers.client, witness };
  const account = check.write === null ? null : throwAway(check.nonce, check.write.userDomain, profile);
  const observed: Observed[] = [];
  let brokenOff: string | null = null;
  let left: readonly LeftAccount[] = [];
  try {
    await observeAll(check, askingOver(parts, check.call), account, observed);
  } catch (error) {
    brokenOff = expectedWords(error);
  } finally {
    if (account !== null)
      left = await removeAll(account, askingOver(parts, check.cleaningCall), profile.usersPath);
    await layers.close();
  }
  return {
    findings: judged(observed, profile),
    fitsBetter: betterProfile(observed, profile),
    brokenOff,
    left,
  };
}

function expectedWords(error: unknown): string {
  if (error instanceof TargetUnavailable || error instanceof TargetUnusable) return error.message;
  throw error;
}

/** @param observed grows, so that what was seen before a failure is told */
async function observeAll(
  { target: { profile, auth }, write, nonce }: TargetCheck,
  ask: Ask,
  account: ThrowAway | null,
  observed: Observed[],
): Promise<void> {
  const first = await ask({ method: 'GET', path: `${profile.usersPath}?count=${profile.pageSize}` });
  const list = succeeded(first) ? rawList(first.body) : null;
  if (list === null) {
    const shows = first.alien ? 'a page or a redirect' : 'no list of users';
    throw new TargetUnusable(
      'misconfigured',
      `GET ${profile.usersPath} answered ${first.status} with ${shows}; check the base URL and the rights of our account`,
    );
  }
  observed.push(signedIn(auth.kind), must('service', 'a list of users', 'a list of users', true, ''));
  const sample = list.users.find((user) => idOf(user) !== null && textOf(user, 'userName') !== null) ?? null;
  const scene: ReadingScene = { ask, profile, first, list, sample, nonce };
  for (const probe of READING_PROBES) observed.push(...(await probe(scene)));
  if (write !== null && account !== null)
    await observeWrites(profile, ask, account, write.userDomain, observed);
}

function signedIn(kind: Profile['auth'][number]): Observed {
  return {
    what: 'credential',
    shows: `${kind}, accepted`,
    against: ({ auth }) => ({ says: auth.join(', '), verdict: auth.includes(kind) ? 'agrees' : 'differs' }),
  };
}

async function observeWrites(
  profile: Profile,
  ask: Ask,
  account: ThrowAway,
  domain: string,
  observed: Observed[],
): Promise<void> {
  const made = await creation(account, ask, profile.usersPath);
  observed.push(...made.observed);
  if (made.id === null) return;
  const scene: WritingScene = { ask, profile, id: made.id, userName: account.userName, domain, verb: null };
  for (const probe of WRITING_PROBES) observed.push(...(await probe(scene)));
}

function judged(observed: readonly Observed[], profile: Profile): readonly Finding[] {
  return observed.map((each) => findingFor(each, profile));
}

/** The one that differs least; of several, the one that the target confirms in most. */
function betterProfile(observed: readonly Observed[], current: Profile): TargetReport['fitsBetter'] {
  const counts = (profile: Profile) => {
    const findings = judged(observed, profile);
    const count = (wanted: string) => findings.filter(({ verdict }) => verdict === wanted).length;
    return { profile: profile.name, differences: count('differs'), confirmed: count('agrees') };
  };
  const others = PROFILES.filter(({ name }) => name !== current.name).map(counts);
  const [best] = others.sort((a, b) => a.differences - b.differences || b.confirmed - a.confirmed);
  if (best === undefined || best.differences >= counts(current).differences) return null;
  return { profile: best.profile, differences: best.differences };
}
