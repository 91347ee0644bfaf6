/** Ends what waits for a server: by its answer, a time limit, or whoever wants no more. */
import { NoAnswer, Stopped } from './failures.ts';

export type Patience = {
  /** Null where the server may be silent for as long as it likes. */
  readonly timeoutMs: number | null;
  readonly signal: AbortSignal;
  /** What is being waited for, as it ends a sentence: `to the log-in`. */
  readonly step?: string;
};

/**
 * @param cut called where the work did not end by itself with a value: nobody knows what the server will still send
 * @throws NoAnswer, Stopped, or the work's own error
 */
export async function within<T>(
  { timeoutMs, signal, step }: Patience,
  cut: () => void,
  work: () => Promise<T>,
): Promise<T> {
  if (signal.aborted) throw new Stopped('the read was stopped', { cause: signal.reason });
  let onAbort = () => {};
  let timer: NodeJS.Timeout | undefined;
  const ended = new Promise<never>((_, reject) => {
    onAbort = () => reject(new Stopped('the read was stopped', { cause: signal.reason }));
    signal.addEventListener('abort', onAbort, { once: true });
    if (timeoutMs !== null) timer = setTimeout(() => reject(new NoAnswer(timeoutMs, step)), timeoutMs);
  });
  try {
    return await Promise.race([work(), ended]);
  } catch (error) {
    cut();
    throw error;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
  }
}
