/**
 * Whether somebody is in a group of this name or DN. A name is never taken for a DN, nor the other way round; DNs are
 * compared in their one form (O-02), names without case.
 */
import { normaliseDn } from '../person/dn.ts';
import type { GroupRef } from '../person/entry.ts';
import { foldKey } from './fold-key.ts';
import { remembering } from './remembering.ts';

export type GroupKeys = { readonly has: (nameOrDn: string) => boolean };

export function groupKeys(groups: readonly GroupRef[]): GroupKeys {
  let names: ReadonlySet<string> | null = null;
  let dns: ReadonlySet<string> | null = null;
  return {
    has(nameOrDn) {
      const { isDn, key } = asked(nameOrDn);
      if (isDn) {
        dns ??= new Set(groups.map(({ dn }) => dnKey(dn)));
        return dns.has(key);
      }
      names ??= new Set(groups.map(({ name }) => nameKey(name)));
      return names.has(key);
    },
  };
}

// A source has few groups, and everybody is in the same ones.
const nameKey = remembering((name) => foldKey(name.trim()));
const dnKey = remembering(normaliseDn);
const asked = remembering((nameOrDn) => {
  const isDn = /^[A-Za-z][A-Za-z0-9.-]*\s*=/.test(nameOrDn);
  return { isDn, key: isDn ? dnKey(nameOrDn) : nameKey(nameOrDn) };
});
