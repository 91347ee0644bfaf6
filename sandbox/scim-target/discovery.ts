/**
 * What a server says of itself: the service provider configuration and the schemas (draft-scim-core-schema-01,
 * sections 9 and 10). Neither is binding: AgilePlace denies the PATCH that it has.
 */
import { CORE_URN } from './attributes.ts';
import type { Dialect } from './dialects/dialect.ts';
import type { JsonObject } from './json.ts';
import { groupSchema, userSchema } from './schemas.ts';

/** @returns null where there is none */
export function configOf({ config, bulk }: Dialect): JsonObject | null {
  if (config === null || bulk === null) return config;
  return { ...config, bulk: { supported: true, ...bulk } };
}

/** @param name what stands behind `/Schemas/`, or nothing. @returns null where there is none */
export function schemasAt(dialect: Dialect, name: string): JsonObject | null {
  const user = userSchema(Object.keys(dialect.users.extensions));
  const all = dialect.groups === null ? [user] : [user, groupSchema()];
  switch (dialect.schemas) {
    case 'none':
      return null;
    case 'list':
      if (name !== '') return null;
      return {
        schemas: [CORE_URN],
        totalResults: all.length,
        itemsPerPage: all.length,
        startIndex: 1,
        Resources: all,
      };
    case 'by-name':
      return (
        all.find((schema) => String(schema['endpoint']).slice(1).toLowerCase() === name.toLowerCase()) ?? null
      );
  }
}
