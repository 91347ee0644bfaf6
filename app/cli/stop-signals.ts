/**
 * Ctrl-C and SIGTERM as abort signals: the first one asks, the second one insists. One Ctrl-C can come twice, since a
 * terminal gives it to everybody and `npm start` passes it on as well; so what follows at once is taken for the first.
 */
import { type EventEmitter, setMaxListeners } from 'node:events';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const SAME_PRESS_MS = 1_000;

type Stop = { readonly stop: AbortSignal; readonly hurry: AbortSignal };

/**
 * @param source where signals arrive: this process
 * @param now milliseconds that only grow
 */
export function stopSignals(
  source: Pick<EventEmitter, 'on'> = process,
  now: () => number = () => performance.now(),
): Stop {
  const stop = new AbortController();
  const hurry = new AbortController();
  // Every request that is under way listens.
  setMaxListeners(0, stop.signal, hurry.signal);
  let askedAt: number | null = null;
  const receive = () => {
    askedAt ??= now();
    if (!stop.signal.aborted) stop.abort();
    else if (now() - askedAt >= SAME_PRESS_MS) hurry.abort();
  };
  for (const name of SIGNALS) source.on(name, receive);
  return { stop: stop.signal, hurry: hurry.signal };
}
