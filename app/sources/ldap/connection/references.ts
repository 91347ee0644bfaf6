/**
 * What references to other servers in an answer (RFC 4511 section 4.5.3) mean for it. They are never followed: another
 * server would have to be asked with our password.
 */
import type { LdapSettings } from '../options.ts';

export type References = {
  /**
   * @param urls LDAP URLs that an answer held
   * @returns why the answer does not tell everything; null where that does not matter
   */
  judge(urls: readonly string[], base: string): string | null;
  /** What was passed over, in words for an operator. */
  notices(): readonly string[];
};

/** @param isHarmless whether a reference leads to nobody who is looked for */
export function createReferences(
  policy: LdapSettings['referrals'],
  isHarmless: (url: string) => boolean,
): References {
  const passedOver = new Set<string>();
  return {
    judge: (urls, base) => {
      const elsewhere = urls.filter((url) => !isHarmless(url));
      if (elsewhere.length === 0) return null;
      if (policy === 'ignore') {
        for (const url of elsewhere) passedOver.add(url);
        return null;
      }
      return `part of ${base} is held by another server (referral); choose a base without it or another server`;
    },
    notices: () => {
      const { size } = passedOver;
      if (size === 0) return [];
      const them =
        size === 1 ? '1 reference to another server was' : `${size} references to other servers were`;
      return [`${them} passed over, as referrals: ignore says; who stands there is not read`];
    },
  };
}
