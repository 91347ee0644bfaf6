/** The rules for one piece of work: the mapping's, but for what an operator has allowed this person this time. Pure. */
import type { Mapping } from '../../mapping/mapping.ts';
import type { AccountPolicy } from '../../mapping/policy.ts';
import type { Work } from './work.ts';

export function policyFor({ policy }: Mapping, { mark }: Pick<Work, 'mark'>): AccountPolicy {
  if (mark.allowReturn !== true) return policy;
  return { ...policy, lifecycle: { ...policy.lifecycle, return: 'reactivate' } };
}
