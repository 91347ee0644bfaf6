/** Secrets that an operator keeps: after a refusal, all we can do is see whether they have changed since (O-19 c). */
import type { Authentication, Credential } from './authentication.ts';

export function rereadOnRefusal(read: () => Credential): Authentication {
  return {
    current: async () => read(),
    replacement: async (refused) => {
      const now = read();
      return now.authorization === refused.authorization ? null : now;
    },
    accepted: () => {},
  };
}
