/**
 * Which servers of a source failed a moment ago: they are asked last for a while, so that each read does not wait for
 * a dead one again. The one thing that a source remembers between two reads; losing it costs a wait.
 */

export type Standing = {
  /** The servers in the order in which they are to be tried. */
  inOrder(urls: readonly string[]): readonly string[];
  failed(url: string): void;
  worked(url: string): void;
};

const FORGOTTEN_AFTER_MS = 60_000;

/** @param now only differences are used */
export function createStanding(now: () => Date): Standing {
  const failedAt = new Map<string, number>();
  const isInDoubt = (url: string) => {
    const at = failedAt.get(url);
    return at !== undefined && now().getTime() - at < FORGOTTEN_AFTER_MS;
  };
  return {
    inOrder: (urls) => [...urls.filter((url) => !isInDoubt(url)), ...urls.filter(isInDoubt)],
    failed: (url) => {
      failedAt.set(url, now().getTime());
    },
    worked: (url) => {
      failedAt.delete(url);
    },
  };
}
