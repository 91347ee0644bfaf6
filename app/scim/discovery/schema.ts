/**
 * The schemas that a service shows at `/Schemas` (draft-scim-core-schema-01, 10), read leniently. What is left out is
 * null, since the draft's defaults are not every service's. Pure.
 */
import { isJsonList, isJsonObject, type Json, type JsonObject, memberOf } from '../resource.ts';
import { booleanIn, textIn } from './lenient.ts';

export type Schema = {
  readonly id: string | null;
  /** `User` */
  readonly name: string | null;
  readonly description: string | null;
  /** The URN. */
  readonly schema: string | null;
  /** `/Users` */
  readonly endpoint: string | null;
  readonly attributes: readonly SchemaAttribute[];
};

export type SchemaAttribute = {
  readonly name: string;
  /** `string`, `complex`; in lower case. */
  readonly type: string | null;
  readonly multiValued: boolean | null;
  /** What one element of a list is called: `email`. */
  readonly multiValuedAttributeChildName: string | null;
  readonly description: string | null;
  /** The URN of the schema that it belongs to. */
  readonly schema: string | null;
  readonly readOnly: boolean | null;
  readonly required: boolean | null;
  readonly caseExact: boolean | null;
  readonly canonicalValues: readonly string[];
  readonly subAttributes: readonly SchemaAttribute[];
};

/** Attributes of attributes of attributes are none in SCIM 1.1. */
const DEEPEST = 1;

/** The schemas in an answer: a list, or a lone schema. */
export function readSchemas(body: JsonObject): readonly Schema[] {
  const listed = memberOf(body, 'Resources');
  const schemas = isJsonList(listed) ? listed : [body];
  return schemas.filter(isJsonObject).filter(isSchema).map(readSchema);
}

function isSchema(body: JsonObject): boolean {
  return memberOf(body, 'attributes') !== undefined || textIn(memberOf(body, 'schema')) !== null;
}

function readSchema(body: JsonObject): Schema {
  return {
    id: textIn(memberOf(body, 'id')),
    name: textIn(memberOf(body, 'name')),
    description: textIn(memberOf(body, 'description')),
    schema: textIn(memberOf(body, 'schema')),
    endpoint: textIn(memberOf(body, 'endpoint')),
    attributes: attributesIn(memberOf(body, 'attributes'), 0),
  };
}

function attributesIn(value: Json | undefined, depth: number): readonly SchemaAttribute[] {
  if (!isJsonList(value) || depth > DEEPEST) return [];
  return value.filter(isJsonObject).flatMap((attribute) => {
    const name = textIn(memberOf(attribute, 'name'));
    return name === null ? [] : [attributeOf(name, attribute, depth)];
  });
}

function attributeOf(name: string, attribute: JsonObject, depth: number): SchemaAttribute {
  const canonical = memberOf(attribute, 'canonicalValues');
  return {
    name,
    type: textIn(memberOf(attribute, 'type'))?.toLowerCase() ?? null,
    multiValued: booleanIn(memberOf(attribute, 'multiValued')),
    multiValuedAttributeChildName: textIn(memberOf(attribute, 'multiValuedAttributeChildName')),
    description: textIn(memberOf(attribute, 'description')),
    schema: textIn(memberOf(attribute, 'schema')),
    readOnly: booleanIn(memberOf(attribute, 'readOnly')),
    required: booleanIn(memberOf(attribute, 'required')),
    caseExact: booleanIn(memberOf(attribute, 'caseExact')),
    canonicalValues: isJsonList(canonical) ? canonical.flatMap(canonicalValueIn) : [],
    subAttributes: attributesIn(memberOf(attribute, 'subAttributes'), depth + 1),
  };
}

/** A bare text, or `{"value":"work"}`. */
function canonicalValueIn(value: Json): readonly string[] {
  const text = textIn(isJsonObject(value) ? memberOf(value, 'value') : value);
  return text === null ? [] : [text];
}
