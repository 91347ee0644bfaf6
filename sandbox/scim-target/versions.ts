/**
 * Versions of a resource, and whether a request that names one may go on (draft-scim-api-01, section 3.11). UAA counts
 * versions, wants one with each PUT and PATCH, and answers 409 to an old one (ScimUserEndpoints.java `getVersion`,
 * ScimResourceConflictException.java; its documentation says the same); elsewhere an old one is 412.
 */
import { createHash } from 'node:crypto';
import type { VersionHabits } from './dialects/dialect.ts';
import type { Json } from './json.ts';
import type { Resource } from './resource.ts';
import { ScimError } from './scim-error.ts';

/** `meta.version`: UAA's number, the ETag itself, or a text of which no ETag is made. */
export function versionOf(habits: VersionHabits, resource: Resource): Json {
  switch (habits.form) {
    case 'integer':
      return resource.version;
    case 'weak':
      return `W/"${fingerprint(resource)}"`;
    case 'bare':
      return fingerprint(resource);
  }
}

/** @returns the ETag header, or none */
export function etagOf(habits: VersionHabits | null, resource: Resource): Readonly<Record<string, string>> {
  if (habits === null || !habits.header) return {};
  const version = versionOf(habits, resource);
  return { ETag: typeof version === 'number' ? `"${version}"` : String(version) };
}

/** @throws ScimError 400 where it is missing or unreadable, 409 or 412 where the resource has changed */
export function checkIfMatch(
  habits: VersionHabits | null,
  method: string,
  ifMatch: string | undefined,
  current: Resource,
): void {
  if (habits === null || habits.ifMatch === 'ignored') return;
  if (ifMatch === undefined) {
    if (habits.ifMatch === 'required' && method !== 'DELETE')
      throw new ScimError(400, `Missing If-Match for ${method}`);
    return;
  }
  const named = ifMatch.split(',').map(bare);
  if (named.includes('*')) return;
  if (habits.form === 'integer' && named.some((version) => !/^\d+$/.test(version)))
    throw new ScimError(400, 'Invalid version match header (should be a version number)');
  if (!named.includes(bare(String(versionOf(habits, current)))))
    throw new ScimError(habits.mismatch, 'The resource has been changed since that version.', 'version');
}

function bare(etag: string): string {
  return etag.trim().replace(/^W\//, '').replaceAll('"', '');
}

function fingerprint({ id, version, lastModified }: Resource): string {
  return createHash('sha256').update(`${id} ${version} ${lastModified}`).digest('hex').slice(0, 16);
}
