/**
 * Whether the schemas that a service shows name an attribute. Names ignore case; parts are looked at one level deep, as
 * SCIM 1.1 has them, and only where the schema tells of any. Pure.
 */

import type { Schema, SchemaAttribute } from '../scim/discovery/schema.ts';
import { type AttributePath, CORE_URN, isUrn, sameName } from '../scim/resource.ts';

export function namedInSchemas([head, ...rest]: AttributePath, schemas: readonly Schema[]): boolean {
  const urn = isUrn(head) ? head : CORE_URN;
  const [name, part] = isUrn(head) ? rest : [head, ...rest];
  if (name === undefined) return false;
  const found = schemas
    .flatMap((schema) => attributesOf(schema, urn))
    .filter((one) => sameName(one.name, name));
  return found.some(({ subAttributes }) => {
    if (part === undefined || subAttributes.length === 0) return true;
    return subAttributes.some((one) => sameName(one.name, part));
  });
}

/** An extension is a schema of its own, or its attributes stand in the one of users and say where they belong. */
function attributesOf(schema: Schema, urn: string): readonly SchemaAttribute[] {
  if (schema.name !== null && sameName(schema.name, 'Group')) return [];
  const whole = schema.schema ?? schema.id ?? CORE_URN;
  return schema.attributes.filter((one) => belongsTo(one.schema ?? whole, urn));
}

/** Some name the schema of users `urn:scim:schemas:core:1.0:User`. */
function belongsTo(named: string, urn: string): boolean {
  return sameName(named, urn) || (urn === CORE_URN && sameName(named, `${CORE_URN}:User`));
}
