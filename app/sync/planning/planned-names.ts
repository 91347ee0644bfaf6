/**
 * The userNames within one plan: names are not taken while it is made, so two new people would be foreseen under the same
 * one. Here whoever comes first in the plan gets it, as whoever is written first does.
 */
import type { PersonKey } from '../../person/anchor.ts';
import { foldUserName } from '../../person/user-names.ts';
import type { UserNames } from '../../store/ports/index.ts';

/** For one target. */
export function namesOfOnePlan(userNames: Pick<UserNames, 'foresee'>): Pick<UserNames, 'foresee'> {
  const given = new Map<string, PersonKey>();
  return {
    async foresee(target, key, names, has) {
      let left = names;
      for (;;) {
        const name = await userNames.foresee(target, key, left, has);
        if (name === null) return null;
        const folded = foldUserName(name);
        const owner = given.get(folded) ?? key;
        // An account that is there keeps its name.
        const isTheirs = has !== undefined && foldUserName(has) === folded;
        if (owner === key || isTheirs) {
          given.set(folded, key);
          return name;
        }
        left = left.filter((other) => other !== name);
      }
    },
  };
}
