/**
 * Lets searches of ours share a socket with an ldapts client: messages that answer them are taken out of what arrives
 * before ldapts sees them, everything else passes as it came.
 *
 * Why: ldapts collects an answer until it is whole, knows no intermediate responses (RFC 4511 section 4.13) and no
 * controls on entries, and cannot abandon. This uses nothing of ldapts but that it listens to its socket's `data` and
 * that the socket may be given to it, both of which are public.
 */
import type net from 'node:net';
import { createFrames } from './frames.ts';
import { messageId } from './messages.ts';

/** Told of each message under one id. */
export type Listener = { message(frame: Buffer): void; lost(error: Error): void };

export type SocketShare = {
  /** A message id that no other message under way has. */
  nextId(): number;
  listen(id: number, listener: Listener): void;
  forget(id: number): void;
  send(bytes: Buffer): void;
  /** Stops and goes on with taking what the server sends, so that it cannot fill our memory. */
  pause(): void;
  resume(): void;
};

/** ldapts counts from 1; nothing that goes over one connection brings it up to here. */
const FIRST_ID = 0x4000_0000;

/** @param socket over which LDAP is spoken: the TLS socket where there is one */
export function shareSocket(socket: net.Socket): SocketShare {
  const listeners = new Map<number, Listener>();
  const frames = createFrames();
  const emit = socket.emit.bind(socket);
  let id = FIRST_ID;

  function lose(error: Error): void {
    const all = [...listeners.values()];
    listeners.clear();
    for (const listener of all) listener.lost(error);
  }

  function take(chunk: Buffer): void {
    for (const frame of frames.push(chunk)) {
      const of = messageId(frame);
      const listener = listeners.get(of);
      if (listener !== undefined) listener.message(frame);
      // An answer to what was abandoned a moment ago: nobody waits for it, and ldapts does not know its id.
      else if (of < FIRST_ID) emit('data', frame);
    }
  }

  socket.emit = (event: string | symbol, ...args: unknown[]): boolean => {
    if (event !== 'data') return emit(event, ...args);
    try {
      take(args[0] as Buffer);
    } catch (error) {
      socket.destroy(error as Error);
    }
    return true;
  };
  socket.once('close', () => lose(new Error('the connection was lost')));

  return {
    nextId: () => id++,
    listen: (messageNumber, listener) => {
      listeners.set(messageNumber, listener);
      if (socket.destroyed) listener.lost(new Error('the connection was lost'));
    },
    forget: (messageNumber) => listeners.delete(messageNumber),
    send: (bytes) => socket.write(bytes),
    pause: () => socket.pause(),
    resume: () => socket.resume(),
  };
}
