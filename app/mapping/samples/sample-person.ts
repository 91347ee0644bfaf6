/**
 * A sample person as the mapping sees people: what a source would have made of them. Whether an attribute names other
 * people by DN is told by its values, since no source is asked.
 */

import { personKey, type StableId, toStableId } from '../../person/anchor.ts';
import { normaliseDn, parseDn } from '../../person/dn.ts';
import { type GroupRef, toAttributes } from '../../person/entry.ts';
import type { Counterpart, Identity } from '../../person/identity.ts';
import { dnMention, type Mention } from '../../person/mention.ts';
import type { SampleAttributes, SamplePerson } from './sample-schema.ts';

/** @param now when they are seen */
export function identityOf(
  source: string,
  { id, dn, attributes = {}, joined = {}, groups = [] }: SamplePerson,
  now: Date,
): Identity {
  const stableId = toStableId(String(id)) ?? (String(id) as StableId);
  const values = valuesIn(attributes);
  const references = values
    .filter(([, named]) => named.length > 0 && named.every(isDn))
    .map(([name, named]) => [name.toLowerCase(), named.map(normaliseDn)] as const);
  return {
    key: personKey(source, stableId),
    source,
    stableId,
    presence: { state: 'present' },
    entry: {
      stableId,
      ...(dn === undefined ? {} : { dn, dnKey: normaliseDn(dn) }),
      revision: '',
      attributes: toAttributes(values),
      references: Object.fromEntries(references),
    },
    groups: groups.map(groupOf),
    joined: new Map(Object.entries(joined).map(([name, said]) => [name, counterpart(said)] as const)),
    version: 1,
    observedAt: now.toISOString(),
  };
}

function valuesIn(attributes: SampleAttributes): readonly (readonly [string, readonly string[]])[] {
  return Object.entries(attributes).map(([name, value]) => [
    name,
    typeof value === 'string' ? [value] : value,
  ]);
}

function counterpart(said: SampleAttributes): Counterpart {
  return { state: 'present', attributes: toAttributes(valuesIn(said)) };
}

function groupOf(written: NonNullable<SamplePerson['groups']>[number]): GroupRef {
  if (typeof written !== 'string') return written;
  if (!isDn(written)) return { name: written, dn: '' };
  const [, name = ''] = /^[^=]*=\s*((?:\\.|[^,+\\])*)/.exec(written) ?? [];
  return { name: name.trim(), dn: written };
}

/** As `inGroup` tells a DN from a name. */
function isDn(text: string): boolean {
  return /^[A-Za-z][A-Za-z0-9.-]*\s*=/.test(text) && parseDn(text) !== null;
}

/** Who is meant by a text that names somebody: a DN or a stable id. */
export function mentionNamed(text: string): Mention {
  if (isDn(text)) return dnMention(normaliseDn(text));
  return `id:${toStableId(text) ?? text}` as Mention;
}
