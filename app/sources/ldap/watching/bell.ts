/**
 * Makes one bell of several listeners: it rings first when all of them listen, and then when any of them has heard
 * something. What is heard while nobody waits rings once. One listener that ends ends the bell.
 */

/** What a listener says. */
export type Ringing = {
  /** It listens from now on. Said once. */
  ready(): void;
  /** It has heard of a change. */
  ring(): void;
};

export async function* createBell(
  listeners: readonly ((ringing: Ringing) => Promise<void>)[],
): AsyncGenerator<void, void> {
  let deaf = listeners.length;
  let rung = false;
  const ends: unknown[] = [];
  let wake = () => {};
  const ring = () => {
    rung = true;
    wake();
  };
  const ready = () => {
    deaf -= 1;
    if (deaf === 0) ring();
  };
  const end = (error: unknown) => {
    ends.push(error);
    wake();
  };
  for (const listen of listeners) {
    listen({ ready, ring }).then(() => end(new Error('a listener ended without a reason')), end);
  }
  for (;;) {
    if (ends.length > 0) throw ends[0];
    if (rung && deaf === 0) {
      rung = false;
      yield;
    } else {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  }
}
