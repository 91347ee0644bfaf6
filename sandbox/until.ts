/** Waits for what another process does, by looking again and again: for tests, the demo and rehearsals. */
import { setTimeout as sleep } from 'node:timers/promises';

const LOOK_EVERY_MS = 100;
const PATIENCE_MS = 45_000;

/**
 * @param what is waited for, for the message: "the surname has arrived"
 * @returns what `look` found at last; null and false mean "not yet"
 * @throws Error where it does not come in time
 */
export async function until<T>(
  what: string,
  look: () => Promise<T | null | false>,
  patienceMs = PATIENCE_MS,
): Promise<T> {
  const deadline = Date.now() + patienceMs;
  while (Date.now() < deadline) {
    const found = await look();
    if (found !== null && found !== false) return found;
    await sleep(LOOK_EVERY_MS);
  }
  throw new Error(`waited for too long until ${what}`);
}
