/**
 * A plan as a file: what would be written for whom, to be read by people and programs and carried out later, exactly so
 * (`landbridge apply`). It holds what is shown of each decision, with secret and sensitive values blanked out, and a
 * seal over the decision with its real values; over everything stands one more seal, so that a file that was changed,
 * or comes from another installation, is refused. Pure: the seal is given (a hash under a key of the installation, so
 * that nobody can find out a blanked value by guessing).
 */
import type { GroupKey, PersonKey } from '../person/anchor.ts';
import type { AttributePath, Json } from '../scim/resource.ts';
import type { PlanAction } from './decision.ts';
import type { GroupPlan } from './group-plan.ts';

/** A short text that only this installation can make of a longer one. */
export type Seal = (text: string) => string;

/** Of one attribute; null where there is no value. */
export type ShownDifference = { readonly path: string; readonly before: Json; readonly after: Json };

export type PlanItem = {
  readonly person: PersonKey;
  readonly target: string;
  /** `failed`: the person cannot be mapped; nothing is written. */
  readonly action: PlanAction | 'failed';
  readonly reason: string;
  readonly userName: string | null;
  /** The account's id; null where there is none yet. */
  readonly account: string | null;
  /** For a create: all that the account is given. */
  readonly differences: readonly ShownDifference[];
  /** What the target keeps although the mapping would have it otherwise, where the mapping wants that to be seen. */
  readonly kept: readonly ShownDifference[];
  /** It takes access away that is there now. */
  readonly removal: boolean;
  /** What the mapping has to say of this person. */
  readonly problems: readonly string[];
  /** References that are left out, since nothing is known of the other's account yet; they follow by themselves. */
  readonly withheld: readonly AttributePath[];
  /** Requests that carrying it out takes. */
  readonly requests: number;
  readonly digest: string;
};

/** An account that comes into a group or goes. `person`, `userName`: null where it is nobody's whom we know. */
export type Member = {
  readonly account: string;
  readonly person: PersonKey | null;
  readonly userName: string | null;
};

/** A group that is kept at a target. */
export type GroupItem = {
  readonly group: GroupKey;
  readonly target: string;
  /** `failed`: it cannot be mapped; nothing is written. */
  readonly action: GroupPlan['action'] | 'failed';
  readonly reason: string;
  /** As it shall be called there; where it shall not be there, as it is called. */
  readonly name: string;
  /** As it is called now; null where that stays. */
  readonly renamedFrom: string | null;
  /** Of the group there; null where there is none yet. */
  readonly id: string | null;
  readonly add: readonly Member[];
  readonly remove: readonly Member[];
  /** More members go than workers would let go by themselves. */
  readonly beyondGuard: boolean;
  /** People in it who have no account there: they follow by themselves once they have one. */
  readonly waiting: readonly PersonKey[];
  /** Those of them who get it by this plan. */
  readonly joining: readonly PersonKey[];
  readonly problems: readonly string[];
  /** Requests that carrying it out takes. */
  readonly requests: number;
  readonly digest: string;
};

/** How old what is known of a source is. `read`: it was read for this plan. */
export type SourceAge = {
  readonly source: string;
  readonly knownAt: string | null;
  readonly read: 'now' | 'before' | 'told';
  /** What of the read does not count, in words; null where all of it does. */
  readonly lacks: string | null;
};

export type TargetTotals = {
  readonly target: string;
  readonly actions: Readonly<Partial<Record<PlanItem['action'], number>>>;
  /** People who need nothing here. */
  readonly asWanted: number;
  /** Accounts at the target that are nobody's; null where the target was not listed. */
  readonly unknownAccounts: number | null;
  readonly removals: number;
  /** How many removals go by themselves; more wait for an operator, or for this plan to be applied. */
  readonly removalLimit: number;
  /** What could not be compared, or is not decided, in words. */
  readonly notices: readonly string[];
  readonly requests: number;
  /** How long these take at least; null where no limit is known. */
  readonly seconds: number | null;
  /** Which limit that is by, in words. */
  readonly limit: string;
};

export type GroupTotals = {
  readonly target: string;
  readonly actions: Readonly<Partial<Record<GroupItem['action'], number>>>;
  /** Groups that need nothing here. */
  readonly asWanted: number;
  /** Members who come and who go, of all groups together. */
  readonly added: number;
  readonly removed: number;
  /** How many groups are deleted by themselves. */
  readonly deletionLimit: number;
} & Pick<TargetTotals, 'notices' | 'requests' | 'seconds' | 'limit'>;

export type PlanContent = {
  readonly landbridgePlan: 1;
  readonly madeAt: string;
  /** Of configuration and mappings. */
  readonly installation: string;
  readonly sources: readonly SourceAge[];
  readonly targets: readonly TargetTotals[];
  readonly items: readonly PlanItem[];
  /** Of targets where groups are kept. */
  readonly groupTargets: readonly GroupTotals[];
  readonly groups: readonly GroupItem[];
};

export type PlanFile = PlanContent & { readonly hash: string };

export function sealPlan(content: PlanContent, seal: Seal): PlanFile {
  // Through text once, so that it is sealed as it will be read.
  const written = JSON.stringify(JSON.parse(JSON.stringify(content)));
  return { ...content, hash: seal(written) };
}

export type OpenedPlan =
  | { readonly ok: true; readonly file: PlanFile }
  | { readonly ok: false; readonly problem: string };

/** Believes a text only where its seal is right: then it is as we wrote it. */
export function openPlan(text: string, seal: Seal): OpenedPlan {
  const parsed = parsedObject(text);
  if (parsed === null || parsed['landbridgePlan'] !== 1) {
    return { ok: false, problem: 'is no plan. Make one with landbridge plan --out FILE.' };
  }
  const { hash, ...content } = parsed;
  if (hash !== seal(JSON.stringify(content))) {
    const problem = 'was changed after it was made, or was made by another installation. Make a new plan.';
    return { ok: false, problem };
  }
  return { ok: true, file: parsed as unknown as PlanFile };
}

function parsedObject(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)
      ? (parsed as Readonly<Record<string, unknown>>)
      : null;
  } catch {
    return null;
  }
}

/** Whether the item asks for something to be written. */
export function isToDo({ action }: PlanItem | GroupItem): boolean {
  return action !== 'none' && action !== 'hold' && action !== 'failed';
}
