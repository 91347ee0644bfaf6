/** What a user and a group have in common: values, of which each change makes a new one. Ids are never reused. */
import type { Attributes } from './attributes.ts';

export type Resource = {
  readonly id: string;
  readonly created: string;
  readonly lastModified: string;
  /** Counts the changes from 0. */
  readonly version: number;
  readonly attributes: Attributes;
};

export type ServerSide = Pick<Resource, 'id' | 'created' | 'lastModified' | 'version'>;

export function newServerSide(id: string, now: Date): ServerSide {
  const created = now.toISOString();
  return { id, created, lastModified: created, version: 0 };
}

export function nextServerSide({ id, created, version }: ServerSide, now: Date): ServerSide {
  return { id, created, lastModified: now.toISOString(), version: version + 1 };
}
