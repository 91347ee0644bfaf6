/** Turns what the peer says into bytes on a socket, in pieces or cut off where the test wants that. */
import type net from 'node:net';
import { setImmediate } from 'node:timers/promises';
import tls from 'node:tls';
import type { Saying } from './answers.ts';
import { intermediateResponse, message, result, searchEntry, searchReference, tlv } from './encoding.ts';
import type { BindReceived, ExtendedReceived, SearchReceived } from './requests.ts';

/** A client's connection. */
export type Line = {
  /** The TLS socket once there is one. */
  socket: net.Socket;
  /** The name of the last bind. */
  bound: string;
  readonly underway: Map<number, AbortController>;
  cutAfter: number | null;
};

export type Answered = BindReceived | SearchReceived | ExtendedReceived;

const RESULT_TAG: Readonly<Record<Answered['kind'], number>> = { bind: 0x61, search: 0x65, extended: 0x78 };

/** How long the message at the beginning is, null where too little of it is there. */
export function sizeOf(bytes: Buffer): number | null {
  const first = bytes[1];
  if (first === undefined) return null;
  if (first < 0x80) return 2 + first;
  const octetsOfLength = Math.max(1, Math.min(first & 0x7f, 6));
  return bytes.length < 2 + octetsOfLength ? null : 2 + octetsOfLength + bytes.readUIntBE(2, octetsOfLength);
}

type Sent = Exclude<Saying, { say: 'wait' | 'drop' | 'cut-next' }>;

export function bytesOf(request: Answered, saying: Sent): Buffer {
  const { id } = request;
  switch (saying.say) {
    case 'entry':
      return message(id, searchEntry(saying.dn, saying.attributes), saying.controls);
    case 'reference':
      return message(id, searchReference(saying.urls));
    case 'intermediate':
      return message(id, intermediateResponse(saying.oid, saying.value));
    case 'done': {
      const name = saying.name === undefined || saying.name === '' ? [] : [tlv(0x8a, saying.name)];
      const value = saying.value === undefined ? [] : [tlv(0x8b, saying.value)];
      return message(
        id,
        result(RESULT_TAG[request.kind], saying.result, ...name, ...value),
        saying.result.controls,
      );
    }
    case 'raw':
      return saying.bytes;
  }
}

/** Waits while the client does not read, so that an endless answer does not fill our memory. */
export async function send(line: Line, bytes: Buffer, chunk: number | undefined): Promise<void> {
  const { socket } = line;
  const shown = line.cutAfter === null ? bytes : bytes.subarray(0, line.cutAfter);
  const size = chunk ?? Math.max(1, shown.length);
  for (let at = 0; at < shown.length && !socket.destroyed; at += size) {
    const isTaken = socket.write(shown.subarray(at, at + size));
    if (!isTaken) await takenOrGone(socket);
    else if (chunk !== undefined) await setImmediate();
  }
  if (line.cutAfter !== null) socket.end(() => hangUp(socket));
}

function takenOrGone(socket: net.Socket): Promise<void> {
  return new Promise((resolve) => {
    const goOn = () => {
      socket.off('drain', goOn).off('close', goOn);
      resolve();
    };
    socket.on('drain', goOn).on('close', goOn);
  });
}

/** A reset, as by a server that is killed. TLS sockets have none of their own. */
export function hangUp(socket: net.Socket): void {
  if (socket instanceof tls.TLSSocket) socket.destroy();
  else socket.resetAndDestroy();
}
