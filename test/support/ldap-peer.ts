/**
 * A scripted LDAP server on loopback that speaks real BER over TCP: for what the servers we run in tests do not do.
 *
 * A test gives a handler for each operation, which answers with what `answers.ts` has; what it does not give is
 * answered as a plain server would: binds succeed, the root DSE is shown, StartTLS works where there is a certificate.
 *
 *   const peer = await startLdapPeer({
 *     rootDse: ROOT_DSE.windows,
 *     search: (request) => inPages(request, people, { most: 1_000, emptyPages: [1] }),
 *   });
 */
import { once } from 'node:events';
import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import tls from 'node:tls';
import { done, entry, extendedDone, type Saying, type Sayings } from './ldap-peer/answers.ts';
import { asAsked, type PeerEntry } from './ldap-peer/habits.ts';
import {
  type BindReceived,
  type ExtendedReceived,
  type Received,
  readRequest,
  type SearchReceived,
} from './ldap-peer/requests.ts';
import { type Answered, bytesOf, hangUp, type Line, send, sizeOf } from './ldap-peer/speaking.ts';

export type PeerScript = {
  /** Attributes of the root DSE, or all that is said when it is asked for. Default: one without attributes. */
  readonly rootDse?: PeerEntry['attributes'] | (() => Sayings);
  readonly bind?: (request: BindReceived) => Sayings;
  /** Every search but that for the root DSE. Default: success without entries. `signal`: abandoned or gone. */
  readonly search?: (request: SearchReceived, signal: AbortSignal) => Sayings;
  /** Return null for what the peer does by itself: StartTLS and Who am I. */
  readonly extended?: (request: ExtendedReceived) => Sayings | null;
  /** The identity that "Who am I" tells. Default: that of the last bind. */
  readonly whoAmI?: (bound: string) => string;
  /** PEM. With it, StartTLS is offered; with `secure`, TLS comes first (ldaps). */
  readonly tls?: { readonly cert: string; readonly key: string; readonly secure?: boolean };
  /** Sends everything in pieces of so many bytes. Default: as it comes. */
  readonly chunk?: number;
  /** Passes over in silence what is not LDAP. Default: hangs up, as servers do. */
  readonly deaf?: boolean;
  /** Accepts connections and never says a word, not even of TLS. */
  readonly silent?: boolean;
};

export type LdapPeer = {
  readonly port: number;
  readonly url: string;
  /** Every request, oldest first. */
  readonly received: readonly Received[];
  /** How many connections were accepted since the start. */
  accepted(): number;
  /** How many are open now. */
  open(): number;
  /** From now on it behaves so. */
  become(script: PeerScript): void;
  /** Resets all open connections. */
  strike(): void;
  stop(): Promise<void>;
};

const START_TLS = '1.3.6.1.4.1.1466.20037';
const WHO_AM_I = '1.3.6.1.4.1.4203.1.11.3';

type Peer = {
  script: PeerScript;
  readonly received: Received[];
  readonly lines: Set<Line>;
  accepted: number;
};

export async function startLdapPeer(script: PeerScript = {}): Promise<LdapPeer> {
  const peer: Peer = { script, received: [], lines: new Set(), accepted: 0 };
  const listener = net.createServer((socket) => accept(peer, socket));
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const address = listener.address();
  if (address === null || typeof address === 'string') throw new Error('the peer has no port');
  const strike = () => {
    for (const { socket } of peer.lines) hangUp(socket);
  };
  return {
    port: address.port,
    url: `${script.tls?.secure === true ? 'ldaps' : 'ldap'}://127.0.0.1:${address.port}`,
    received: peer.received,
    accepted: () => peer.accepted,
    open: () => peer.lines.size,
    become: (next) => {
      peer.script = next;
    },
    strike,
    stop: async () => {
      strike();
      listener.close();
      await once(listener, 'close');
    },
  };
}

function accept(peer: Peer, plain: net.Socket): void {
  const line: Line = { socket: plain, bound: '', underway: new Map(), cutAfter: null };
  peer.accepted += 1;
  peer.lines.add(line);
  plain.setNoDelay(true);
  plain.on('error', () => {});
  plain.on('close', () => {
    peer.lines.delete(line);
    for (const operation of line.underway.values()) operation.abort();
  });
  if (peer.script.silent === true) plain.resume();
  else if (peer.script.tls?.secure === true) secure(peer, line, plain);
  else listen(peer, line, plain);
}

function secure(peer: Peer, line: Line, plain: net.Socket): void {
  const { cert, key } = peer.script.tls ?? {};
  const encrypted = new tls.TLSSocket(plain, { isServer: true, cert, key });
  encrypted.on('error', () => plain.destroy());
  line.socket = encrypted;
  listen(peer, line, encrypted);
}

function listen(peer: Peer, line: Line, socket: net.Socket): void {
  let waiting = Buffer.alloc(0);
  const take = (chunk: Buffer) => {
    waiting = Buffer.concat([waiting, chunk]);
    for (let size = sizeOf(waiting); size !== null && size <= waiting.length; size = sizeOf(waiting)) {
      const frame = waiting.subarray(0, size);
      waiting = waiting.subarray(size);
      let request: Received;
      try {
        request = readRequest(frame);
      } catch {
        // Not LDAP, such as the beginning of TLS that was not agreed upon: a server hangs up.
        if (peer.script.deaf !== true) hangUp(socket);
        return;
      }
      peer.received.push(request);
      if (request.kind === 'unbind') socket.end();
      else if (request.kind === 'abandon') line.underway.get(request.abandoned)?.abort();
      else void answer(peer, line, request, () => socket.off('data', take));
    }
  };
  socket.on('data', take);
}

async function answer(peer: Peer, line: Line, request: Answered, stopListening: () => void): Promise<void> {
  const operation = new AbortController();
  line.underway.set(request.id, operation);
  const { socket } = line;
  let succeeded = false;
  for await (const saying of sayingsFor(peer, line, request, operation.signal)) {
    if (operation.signal.aborted || socket.destroyed) break;
    if (saying.say === 'wait') await sleep(saying.ms);
    else if (saying.say === 'drop') hangUp(socket);
    else if (saying.say === 'cut-next') line.cutAfter = saying.bytes;
    else await send(line, bytesOf(request, saying), peer.script.chunk);
    succeeded = saying.say === 'done' && (saying.result.code ?? 0) === 0;
  }
  line.underway.delete(request.id);
  if (!succeeded) return;
  if (request.kind === 'bind') line.bound = request.dn;
  if (isStartTls(request) && peer.script.tls !== undefined) {
    stopListening();
    secure(peer, line, socket);
  }
}

function sayingsFor(peer: Peer, line: Line, request: Answered, signal: AbortSignal): Sayings {
  const { script } = peer;
  if (request.kind === 'bind') return script.bind?.(request) ?? [done()];
  if (request.kind === 'extended') return script.extended?.(request) ?? usualExtended(script, line, request);
  if (request.base === '' && request.scope === 'base') {
    const { rootDse = {} } = script;
    return typeof rootDse === 'function' ? rootDse() : [entry('', asAsked(request, rootDse)), done()];
  }
  return script.search?.(request, signal) ?? [done()];
}

function usualExtended(script: PeerScript, line: Line, request: ExtendedReceived): readonly Saying[] {
  if (request.oid === WHO_AM_I) {
    const usual = line.bound === '' ? '' : `dn:${line.bound}`;
    return [extendedDone({}, '', script.whoAmI?.(line.bound) ?? usual)];
  }
  if (isStartTls(request) && script.tls !== undefined) return [extendedDone({}, START_TLS)];
  return [done({ code: 2, diagnostic: 'unsupported extended operation' })];
}

function isStartTls(request: Answered): boolean {
  return request.kind === 'extended' && request.oid === START_TLS;
}
