/**
 * Whose each attribute of an account is, by the mapping's policies: what is written, what is remembered as asked for,
 * and what stays at the target although we would have another value. It knows nothing of an attribute without a policy
 * (the source's, always: `differences.ts`), and `active` is the source's whatever a policy says.
 *
 * Of one attribute: `has` is what the account has, `want` what source and mapping want, `asked` what we last asked for;
 * – is no value. An account that is found and not linked has nothing asked. The first line that fits counts.
 *
 *   when         owner         onEmpty  drift   account  has  want      asked      | the value         remembered
 *   ───────────────────────────────────────────────────────────────────────────────┼────────────────────────────
 *   any          any           any      any     made now      want                 | want is sent      if ours *
 *   create-only  any           any      any                                        | stays             no
 *   any          target        any      any     linked                             | stays             no
 *   any          target        any      any     found    –    want                 | want is written   no
 *   any          target        any      any     found    has                       | stays             no
 *   if-empty     any           any      any              –    want                 | want is written   no
 *   if-empty     any           any      any              has, or –                 | stays             no
 *   always       first-writer  any      any              has            –          | stays             no
 *   always       the rest      any      any                   –         –          | stays             no
 *   always       the rest      leave    any                   –         asked      | stays             no
 *   always       the rest      clear    any                   –         asked      | is cleared        no
 *   always       the rest      any      keep,        ≠ asked  = asked   asked      | stays, is `kept`  want
 *                                       report
 *   always       the rest      any      any                   want                 | want is written   want
 *
 * \* Ours: `always`, and not the target's. What is not remembered is never cleared when it leaves the mapping, since
 * only what was asked for is. Of a value that is kept we remember what we want, so that the next look knows it for a
 * hand edit as well, and what source and target agree on again is simply so. The account's name is in every link, so
 * that nobody can tell later who gave it: `first-writer` means for userName that it is never written to an account that
 * is there.
 */
import type { AttributePolicy } from '../mapping/policy.ts';
import { differences, sameValue } from '../scim/differences.ts';
import {
  type AttributePath,
  isUrn,
  type Json,
  type JsonObject,
  type ScimUser,
  sameName,
  valueAt,
  withValue,
} from '../scim/resource.ts';
import type { Kept } from './decision.ts';

export type Owned = {
  /** The whole user as it shall be, with what stays at the target as the target has it. */
  readonly user: ScimUser;
  /** Of what is wanted, what is ours: the link remembers it. */
  readonly asked: ScimUser;
  /** Values that were changed at the target and stay. */
  readonly kept: readonly Kept[];
};

type Policies = readonly AttributePolicy[];

/** Of one attribute; undefined where there is no value. */
type Values = {
  readonly has: Json | undefined;
  readonly want: Json | undefined;
  readonly asked: Json | undefined;
};

/** `written`: and remembered, or cleared where nothing is wanted. `given`: written, and not ours from then on. */
type Verdict = 'written' | 'given' | 'stays' | 'kept';

/**
 * What is done about an account that is there. See the table above.
 * @param account as the target has it; what the link remembers serves as well, unless `restsOnAccount`
 * @param previous what we last asked for; null where the account is not linked yet
 */
export function owned(
  wanted: ScimUser,
  account: ScimUser,
  previous: ScimUser | null,
  policies: Policies,
): Owned {
  if (policies.length === 0) return { user: wanted, asked: wanted, kept: [] };
  let [user, asked]: [JsonObject, JsonObject] = [wanted, wanted];
  const kept: Kept[] = [];
  for (const policy of policies) {
    const { path } = policy;
    if (isNamed(path, 'active')) continue;
    const values = valuesAt(path, account, wanted, previous ?? {});
    const verdict = judge(policy, values, previous !== null);
    if (verdict === 'stays' || verdict === 'kept') user = withValue(user, path, values.has);
    if (verdict === 'stays' || verdict === 'given') asked = withValue(asked, path, undefined);
    if (verdict !== 'kept') continue;
    const difference = { path, before: values.has, after: values.want };
    kept.push({ difference, report: policy.drift === 'report' });
  }
  return { user: user as ScimUser, asked: named(asked, user), kept };
}

/** Of an account that is made now, what stays ours. */
export function ownedOnceMade(user: ScimUser, policies: Policies): ScimUser {
  if (policies.length === 0) return user;
  const given = policies.filter(
    ({ path, when, owner }) => !isNamed(path, 'active') && (when !== 'always' || owner === 'target'),
  );
  return named(
    given.reduce<JsonObject>((so, { path }) => withValue(so, path, undefined), user),
    user,
  );
}

/**
 * Whether it has to be read how the account is before anything is decided: where what we remember does not tell
 * whether it has a value of its own, and where a write could take a hand edit for what the target made of our value,
 * or send a part of a name along that is the target's.
 */
export function restsOnAccount(wanted: ScimUser, previous: ScimUser, policies: Policies): boolean {
  const asks = policies.some((policy) => {
    if (policy.when !== 'if-empty' && policy.owner !== 'first-writer') return false;
    if (policy.when === 'create-only' || policy.owner === 'target') return false;
    return valueAt(wanted, policy.path) !== undefined && valueAt(previous, policy.path) === undefined;
  });
  if (asks) return true;
  if (!policies.some((policy) => policy.drift !== 'force' || isPart(policy))) return false;
  return differences(previous, owned(wanted, previous, previous, policies).user, previous).length > 0;
}

function judge(policy: AttributePolicy, { has, want, asked }: Values, linked: boolean): Verdict {
  const { when, owner, drift, onEmpty } = policy;
  if (when === 'create-only') return 'stays';
  if (owner === 'target' && linked) return 'stays';
  if (owner === 'target' || when === 'if-empty') {
    return has === undefined && want !== undefined ? 'given' : 'stays';
  }
  if (owner === 'first-writer') {
    if (has !== undefined && (asked === undefined || isNamed(policy.path, 'userName'))) return 'stays';
  }
  if (want === undefined) return asked === undefined || onEmpty === 'leave' ? 'stays' : 'written';
  const byHand = asked !== undefined && sameValue(want, asked) && !sameValue(has, asked);
  return byHand && drift !== 'force' ? 'kept' : 'written';
}

function valuesAt(path: AttributePath, account: ScimUser, wanted: ScimUser, previous: JsonObject): Values {
  return { has: valueAt(account, path), want: valueAt(wanted, path), asked: valueAt(previous, path) };
}

function isNamed([head, ...parts]: AttributePath, name: string): boolean {
  return parts.length === 0 && sameName(head, name);
}

/** A part of a complex attribute, which some targets take as a whole only, and that is not simply the source's. */
function isPart({ path, when, owner }: AttributePolicy): boolean {
  return path.length > 1 && !isUrn(path[0]) && (when !== 'always' || owner !== 'source');
}

/** An account has a name, whoever gave it. */
function named(asked: JsonObject, { userName = '' }: JsonObject): ScimUser {
  return { ...asked, userName: String(userName) };
}
