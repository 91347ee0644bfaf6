/** Ctrl-C and SIGTERM as abort signals: the first one asks, the second one insists. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export function stopSignals(): { readonly stop: AbortSignal; readonly hurry: AbortSignal } {
  const stop = new AbortController();
  const hurry = new AbortController();
  const receive = () => (stop.signal.aborted ? hurry : stop).abort();
  for (const name of SIGNALS) process.on(name, receive);
  return { stop: stop.signal, hurry: hurry.signal };
}
