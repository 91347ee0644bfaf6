/** How the person of the profile rounds is mapped. */

import type { Mapped, Mapping } from '../../app/mapping/mapping.ts';
import { USUAL_POLICY } from '../../app/mapping/policy.ts';
import type { Identity } from '../../app/person/identity.ts';
import { ENTERPRISE_URN, type Json, type JsonObject } from '../../app/scim/resource.ts';

type Shape = (user: JsonObject, unit: string, addresses: readonly string[]) => JsonObject;

/** What is common to all, shaped for one kind of target. */
export function mappingOf(shape: Shape): Mapping {
  return {
    file: 'mappings/test.yaml',
    source: 'corp',
    target: 'agileplace',
    reads: ['mail', 'givenname', 'sn', 'title', 'work', 'home', 'unit', 'status'],
    matchOn: ['externalId', 'userName'],
    policy: USUAL_POLICY,
    map: (identity) => mapped(identity, shape),
  };
}

function mapped({ stableId, entry }: Identity, shape: Shape): Mapped {
  const value = (name: string) => entry.attributes[name]?.[0] ?? '';
  const addresses = [value('work'), value('home')];
  const emails = addresses.flatMap((address, at): JsonObject[] =>
    address === '' ? [] : [{ value: address, type: at === 0 ? 'work' : 'home' }],
  );
  const user: Record<string, Json> = {
    userName: value('mail'),
    externalId: stableId,
    name: { givenName: value('givenname'), familyName: value('sn') },
    active: value('status') !== 'off',
    emails: emails.map((email, at) => (at === 0 ? { ...email, primary: true } : email)),
    [ENTERPRISE_URN]: { department: value('unit') },
    ...(value('title') === '' ? {} : { title: value('title') }),
  };
  const shaped = shape(
    user,
    value('unit'),
    addresses.filter((address) => address !== ''),
  );
  return { kind: 'in-scope', user: { ...shaped, userName: value('mail') }, warnings: [] };
}
