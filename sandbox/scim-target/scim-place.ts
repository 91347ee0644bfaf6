/** Which endpoint a path means. Paths ignore case, since vendors write both `/Users` and `/users`. */
import type { Dialect } from './dialects/dialect.ts';
import type { LimitedPlace } from './limits.ts';

export type ScimPlace =
  | { readonly kind: 'users' | 'groups' | 'config' | 'bulk' | 'elsewhere' }
  | { readonly kind: 'user' | 'group' | 'schemas'; readonly id: string };

const COLLECTIONS = {
  users: 'users',
  groups: 'groups',
  serviceproviderconfigs: 'config',
  bulk: 'bulk',
} as const;

export function scimPlaceOf(dialect: Dialect, path: string): ScimPlace {
  const base = `${dialect.base}/`;
  if (!path.toLowerCase().startsWith(base.toLowerCase())) return { kind: 'elsewhere' };
  const [room = '', segment = '', ...more] = path.slice(base.length).split('/');
  const id = decoded(segment);
  if (more.length > 0) return { kind: 'elsewhere' };
  const folded = room.toLowerCase();
  if (folded === 'schemas') return { kind: 'schemas', id };
  if (id === '') {
    const collection = Object.entries(COLLECTIONS).find(([name]) => name === folded);
    return { kind: collection?.[1] ?? 'elsewhere' };
  }
  if (folded === 'users') return { kind: 'user', id };
  return folded === 'groups' ? { kind: 'group', id } : { kind: 'elsewhere' };
}

/** Where ids are names they come encoded. What is no encoding stays as it came, and names nobody. */
function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

/** What limits of endpoints call the place. */
export function limitedPlaceOf({ kind }: ScimPlace): LimitedPlace {
  return kind === 'users' || kind === 'user' || kind === 'groups' || kind === 'group' ? kind : 'elsewhere';
}
