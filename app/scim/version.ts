/**
 * Versions of a user or a group: which one an answer tells, and how a write says which one it is meant for. It decides
 * no more than the header; what a refusal means is decided in `users` and `groups`.
 *
 *   profile.ifMatch   If-Match
 *   ───────────────   ─────────────────────────────────────────────────────────────────────────────
 *   never             none
 *   echo              the version last seen; none where none is known
 *   required          the version last seen; where none is known it is read; * where it shows none
 *   any               *
 *
 * Source: draft-scim-api-01, 3.11 (weak tags are allowed, and `meta.version` says what the header says). UAA tells a
 * bare number in `meta.version` and the same number in quotes in the header (cloudfoundry/uaa, ScimUserEndpoints.java).
 */
import type { ScimRequest } from './auth/authenticated-client.ts';
import type { Profile } from './profiles/profile.ts';
import { isJsonObject, type Json, memberOf } from './resource.ts';

/** The header, else `meta.version`; undefined where there is none, or none that could stand in a header. */
export function versionIn(meta: Json | undefined, etag: string | undefined): string | undefined {
  const told = etag ?? (isJsonObject(meta) ? memberOf(meta, 'version') : undefined);
  const version = typeof told === 'number' ? String(told) : told;
  return typeof version === 'string' && /^[\x20-\x7e]+$/.test(version) ? version : undefined;
}

/** Whether the user or the group has to be read before the write, for its version. */
export function lacksVersion(version: string | undefined, profile: Profile): boolean {
  return profile.ifMatch === 'required' && version === undefined;
}

/** @param version of what the write is meant for */
export function precondition(version: string | undefined, profile: Profile): Pick<ScimRequest, 'ifMatch'> {
  switch (profile.ifMatch) {
    case 'never':
      return {};
    case 'any':
      return { ifMatch: '*' };
    case 'echo':
      return version === undefined ? {} : { ifMatch: entityTag(version) };
    case 'required':
      return { ifMatch: version === undefined ? '*' : entityTag(version) };
  }
}

/** Whether both name one version, however it is spelled: as an entity tag, weak or strong, or bare. */
export function sameVersion(one: string, other: string): boolean {
  return bare(one) === bare(other);
}

/** A header wants quotes; `meta.version` often has none. */
function entityTag(version: string): string {
  return /^(W\/)?".*"$/.test(version) ? version : `"${version.replaceAll('"', '')}"`;
}

function bare(version: string): string {
  return version.replace(/^W\//, '').replaceAll('"', '');
}
