/**
 * The JSON Schema of `landbridge.yaml`, for completion in editors, and the way to a field in it, for messages.
 */
import * as z from 'zod';
import type { FieldPath } from './problem.ts';
import { configSchema } from './schema.ts';
import { NO_SURROUNDINGS } from './surroundings.ts';

export type JsonSchema = {
  readonly description?: string;
  readonly default?: unknown;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly type?: string;
  readonly pattern?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: JsonSchema | boolean;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly oneOf?: readonly JsonSchema[];
  readonly anyOf?: readonly JsonSchema[];
};

/** JSON Schema (draft 2020-12) of the configuration file. */
export function configJsonSchema(): JsonSchema {
  const schema = z.toJSONSchema(configSchema(NO_SURROUNDINGS), { io: 'input', unrepresentable: 'any' });
  return { ...(schema as JsonSchema) };
}

/** The part of the schema that governs this field of this file; undefined where the schema knows no such field. */
export function schemaAt(schema: JsonSchema, path: FieldPath, value: unknown): JsonSchema | undefined {
  const variant = variantFor(schema, value);
  const [part, ...rest] = path;
  if (part === undefined || variant === undefined) return variant;
  const child = childSchema(variant, part);
  return child === undefined ? undefined : schemaAt(child, rest, childValue(value, part));
}

function variantFor(schema: JsonSchema, value: unknown): JsonSchema | undefined {
  if (schema.oneOf === undefined) return schema;
  const kind = childValue(value, 'kind');
  return schema.oneOf.find((variant) => variant.properties?.['kind']?.const === kind);
}

function childSchema(schema: JsonSchema, part: string | number): JsonSchema | undefined {
  if (typeof part === 'number') return schema.items;
  const open = schema.additionalProperties;
  return schema.properties?.[part] ?? (typeof open === 'object' ? open : undefined);
}

export function childValue(value: unknown, part: string | number): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.getOwnPropertyDescriptor(value, part)?.value;
}
