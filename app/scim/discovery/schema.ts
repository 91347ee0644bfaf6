/**
 * The schemas that a service shows at `/Schemas` (draft-scim-core-schema-01, 10), read leniently. What is left out is
 * null, since the draft's defaults are not every service's. Pure.
 */
import { isJsonList, isJsonObject, type Json, type JsonObject, memberOf } from '../resource.ts';
import { booleanIn, textIn, textOf } from './lenient.ts';

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
  return memberOf(body, 'attributes') !== undefined || textIn(body, 'schema') !== null;
}

function readSchema(body: JsonObject): Schema {
  return {
    id: textIn(body, 'id'),
    name: textIn(body, 'name'),
    description: textIn(body, 'description'),
    schema: textIn(body, 'schema'),
    endpoint: textIn(body, 'endpoint'),
    attributes: attributesIn(memberOf(body, 'attributes'), 0),
  };
}

function attributesIn(value: Json | undefined, depth: number): readonly SchemaAttribute[] {
  if (!isJsonList(value) || depth > DEEPEST) return [];
  return value.filter(isJsonObject).flatMap((attribute) => {
    const name = textIn(attribute, 'name');
    return name === null ? [] : [attributeOf(name, attribute, depth)];
  });
}

function attributeOf(name: string, attribute: JsonObject, depth: number): SchemaAttribute {
  const canonical = memberOf(attribute, 'canonicalValues');
  return {
    name,
    type: textIn(attribute, 'type')?.toLowerCase() ?? null,
    multiValued: booleanIn(attribute, 'multiValued'),
    multiValuedAttributeChildName: textIn(attribute, 'multiValuedAttributeChildName'),
    description: textIn(attribute, 'description'),
    schema: textIn(attribute, 'schema'),
    readOnly: booleanIn(attribute, 'readOnly'),
    required: booleanIn(attribute, 'required'),
    caseExact: booleanIn(attribute, 'caseExact'),
    canonicalValues: isJsonList(canonical) ? canonical.flatMap(canonicalValueIn) : [],
    subAttributes: attributesIn(memberOf(attribute, 'subAttributes'), depth + 1),
  };
}

/** A bare text, or `{"value":"work"}`. */
function canonicalValueIn(value: Json): readonly string[] {
  const text = textOf(isJsonObject(value) ? memberOf(value, 'value') : value);
  return text === null ? [] : [text];
}
