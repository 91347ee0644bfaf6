/**
 * LDAP messages over one socket (RFC 4511 section 4.1.1): gives each request an id, and each answer to whoever asked.
 *
 * A channel is opened once and never again: what is lost stays lost. Reading stops while every reader is behind, so
 * that TCP slows the server down; it goes on as soon as somebody waits for an answer, for a reader that is behind may
 * be asking something over the same channel.
 */
import type net from 'node:net';
import { createFrames, LONGEST_MESSAGE } from './frames.ts';
import { messageId, readAnswer } from './messages.ts';

/** Told of each message under one id, in order; after `lost` of nothing more. */
export type Listener = { message(frame: Buffer): void; lost(error: Error): void };

export type Channel = {
  /** A message id that no other message under way has. */
  nextId(): number;
  listen(id: number, listener: Listener): void;
  forget(id: number): void;
  send(bytes: Buffer): void;
  /** Whoever listens under this id is behind, and has enough for now. */
  holdBack(id: number, behind: boolean): void;
  isLost(): boolean;
  /** Ends it at once. */
  cut(): void;
  /** Sends a last message and ends it when that is on its way. */
  close(goodbye: Buffer): Promise<void>;
  /**
   * Leaves the socket to somebody else, for TLS.
   * @throws ConnectionLost where the server has sent more than was asked for: nobody vouches for that
   */
  handOver(): net.Socket;
};

/** The connection has ended. `cause` says why, where the system or the server told that. */
export class ConnectionLost extends Error {
  override name = 'ConnectionLost';
}

/** The server said that it ends the connection, and why (Notice of Disconnection, RFC 4511 section 4.4.1). */
export class Disconnected extends Error {
  override name = 'Disconnected';
  /** LDAP result code. */
  readonly code: number;
  constructor(code: number) {
    super(`the server ended the connection with LDAP result code ${code}`);
    this.code = code;
  }
}

/** The id of what a server says without being asked. */
const UNASKED = 0;

/**
 * @param socket connected; the TLS socket where there is one
 * @param longest bytes of one message; what is longer ends the channel
 */
export function channelOver(socket: net.Socket, longest = LONGEST_MESSAGE): Channel {
  const listeners = new Map<number, Listener>();
  const behind = new Set<number>();
  const frames = createFrames(longest);
  let id = 1;
  let unasked = false;
  let reason: Error | null = null;
  let loss: ConnectionLost | null = null;

  function lose(): void {
    if (loss !== null) return;
    loss = new ConnectionLost('the connection was lost', reason === null ? {} : { cause: reason });
    const all = [...listeners.values()];
    listeners.clear();
    for (const listener of all) listener.lost(loss);
  }

  function take(chunk: Buffer): void {
    try {
      for (const frame of frames.push(chunk)) deliver(frame);
    } catch (error) {
      socket.destroy(error as Error);
    }
  }

  function deliver(frame: Buffer): void {
    const of = messageId(frame);
    const listener = listeners.get(of);
    if (listener !== undefined) listener.message(frame);
    // Else it answers what was abandoned a moment ago, or nothing.
    else unasked = true;
    if (of === UNASKED) socket.destroy(new Disconnected(readAnswer(frame).code));
  }

  /** Read while somebody waits who is not behind, or nobody waits: a loss shows only where somebody reads. */
  function pace(): void {
    const isEnough = behind.size > 0 && behind.size === listeners.size;
    if (isEnough) socket.pause();
    else if (socket.isPaused()) socket.resume();
  }

  const onError = (error: Error) => {
    reason ??= error;
  };
  socket.on('error', onError);
  socket.on('close', lose);
  socket.on('data', take);

  return {
    nextId: () => id++,
    listen: (messageNumber, listener) => {
      listeners.set(messageNumber, listener);
      pace();
      if (loss !== null) listener.lost(loss);
    },
    forget: (messageNumber) => {
      listeners.delete(messageNumber);
      behind.delete(messageNumber);
      pace();
    },
    send: (bytes) => {
      if (socket.writable) socket.write(bytes);
    },
    holdBack: (messageNumber, isBehind) => {
      if (isBehind) behind.add(messageNumber);
      else behind.delete(messageNumber);
      pace();
    },
    isLost: () => loss !== null || socket.destroyed,
    cut: () => {
      socket.destroy();
      lose();
    },
    close: async (goodbye) => {
      if (socket.destroyed) return;
      const closed = new Promise((resolve) => socket.once('close', resolve));
      socket.resume();
      socket.end(goodbye, () => socket.destroy());
      await closed;
    },
    handOver: () => {
      socket.off('data', take);
      socket.off('close', lose);
      if (unasked || frames.hasRest()) throw new ConnectionLost('the server sent more than was asked for');
      return socket;
    },
  };
}
