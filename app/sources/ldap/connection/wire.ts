/**
 * Holds the socket under an ldapts client, so that a connection is opened once, seen when it is lost, and can be cut.
 *
 * ldapts opens a lost connection again by itself, without the bind: the next search is then anonymous, and an
 * anonymous answer of "success, nobody" would read as "everyone has left". Here the second opening fails instead.
 * ldapts has no timeout for a TLS handshake and no cancel; both are done by cutting the socket.
 */
import net from 'node:net';
import tls from 'node:tls';
import { ResultCodeError } from 'ldapts';
import { type SocketShare, shareSocket } from '../protocol/socket-share.ts';
import { NoAnswer, NotBound, Stopped } from './failures.ts';

export type Wire = {
  readonly openPlain: typeof net.connect;
  /** Opens a socket with TLS, or wraps the open one (StartTLS). */
  readonly openSecure: typeof tls.connect;
  /** For searches of our own beside ldapts. @throws NotBound where nothing is open */
  share(): SocketShare;
  isLost(): boolean;
  cut(): void;
};

export function createWire(): Wire {
  let socket: net.Socket | null = null;
  let shared: SocketShare | null = null;
  let lost = false;
  const openOnce = <S extends net.Socket>(open: () => S): S => {
    if (socket !== null) throw new NotBound('the connection was lost; it is not opened again without a bind');
    const opened = open();
    opened.once('close', () => {
      lost = true;
    });
    socket = opened;
    return opened;
  };
  const openSecure = (first: number | tls.ConnectionOptions, host?: string, more?: tls.ConnectionOptions) => {
    if (typeof first === 'number') return openOnce(() => tls.connect(first, host, more));
    const upgraded = tls.connect(first);
    socket = upgraded;
    return upgraded;
  };
  return {
    openPlain: ((port: number, host: string) =>
      openOnce(() => net.connect(port, host))) as typeof net.connect,
    openSecure: openSecure as typeof tls.connect,
    share: () => {
      if (socket === null || lost) throw new NotBound('the connection was lost');
      shared ??= shareSocket(socket);
      return shared;
    },
    isLost: () => lost,
    cut: () => {
      lost = true;
      // With an error, because ldapts waits for ever for a connection that is closed silently while it opens.
      socket?.destroy(new Error('cut by us'));
    },
  };
}

/**
 * Does one exchange with the server and ends it, whatever ldapts does, by its answer, the time limit or the signal.
 * @param timeoutMs null where the server may be silent for as long as it likes
 * @throws NoAnswer, Stopped, or the exchange's own error
 */
export async function exchange<T>(
  wire: Wire,
  timeoutMs: number | null,
  work: () => Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  if (signal.aborted) throw new Stopped('the read was stopped', { cause: signal.reason });
  let onAbort = () => {};
  let timer: NodeJS.Timeout | undefined;
  const ended = new Promise<never>((_, reject) => {
    onAbort = () => reject(new Stopped('the read was stopped', { cause: signal.reason }));
    signal.addEventListener('abort', onAbort, { once: true });
    if (timeoutMs !== null) timer = setTimeout(() => reject(new NoAnswer(timeoutMs)), timeoutMs);
  });
  try {
    return await Promise.race([work(), ended]);
  } catch (error) {
    // An answer, even a refusal, leaves the connection whole; after anything else it is of no use.
    if (!(error instanceof ResultCodeError)) wire.cut();
    throw error;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
  }
}
