/** Maps one group with compiled expressions. Pure; messages name places and attributes, never values. */
import { Attributes, GroupFields, Vars } from '../engine.ts';
import type { Computed, Expression } from '../expression.ts';
import type { MappingProblem } from '../mapping.ts';
import { cleaned } from '../values.ts';
import type { GroupFacts, MappedGroup } from './group-mapping.ts';

export type GroupRules = {
  readonly scope: Expression | null;
  readonly displayName: Expression;
  readonly externalId: Expression | null;
};

export function groupMapper(rules: GroupRules): (group: GroupFacts) => MappedGroup {
  return (group) => mapGroup(group, rules);
}

function mapGroup(group: GroupFacts, { scope, displayName, externalId }: GroupRules): MappedGroup {
  const compute = (expression: Expression) => computed(expression, group);
  const belongs = scope === null ? null : compute(scope);
  if (belongs !== null && !belongs.ok) return failed('scope', belongs);
  if (belongs !== null && belongs.value !== true)
    return { kind: 'out-of-scope', reason: 'out of scope of the mapping' };
  const name = compute(displayName);
  if (!name.ok) return failed('displayName', name);
  if (name.value === '') {
    const message = 'this group would have no name at the target';
    return { kind: 'failed', problems: [{ where: displayName.where, attribute: 'displayName', message }] };
  }
  const id = externalId === null ? null : compute(externalId);
  if (id !== null && !id.ok) return failed('externalId', id);
  const mapped = { kind: 'in-scope', displayName: String(name.value) } as const;
  return id === null || id.value === '' ? mapped : { ...mapped, externalId: String(id.value) };
}

function computed(expression: Expression, { name, dn, members, stableId, source }: GroupFacts): Computed {
  const g = Object.assign(new GroupFields(), { name: cleaned(name), dn, members: BigInt(members) });
  return expression.run({ e: new Attributes(), v: new Vars(), g, id: stableId, source, dn });
}

function failed(attribute: string, { where, message }: Extract<Computed, { ok: false }>): MappedGroup {
  const problem: MappingProblem = { where, attribute, message };
  return { kind: 'failed', problems: [problem] };
}
