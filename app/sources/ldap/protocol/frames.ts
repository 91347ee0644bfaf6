/**
 * Cuts what comes over a socket into whole LDAP messages, however the network has cut it. A message is kept until it is
 * whole, so that the length which it announces is believed up to a limit only: whoever answers decides what it says.
 */
import { BadEncoding, elementAt } from './ber.ts';

/** In bytes. Room for a group of a million members in one answer. */
export const LONGEST_MESSAGE = 128 * 1_048_576;

/** A message is larger than any that is waited for. The connection is of no use after that. */
export class MessageTooLong extends Error {
  override name = 'MessageTooLong';
  constructor(most: number) {
    super(`an answer of the server is larger than ${most / 1_024} KiB and is not read`);
  }
}

export type Frames = {
  /** @returns the messages that are whole now. @throws BadEncoding where the stream is none, MessageTooLong */
  push(chunk: Buffer): Buffer[];
  /** Whether the beginning of a message waits for the rest of it. */
  hasRest(): boolean;
};

/** Every LDAP message is a SEQUENCE (RFC 4511 section 4.1.1). */
const MESSAGE = 0x30;

/** @param most bytes of one message */
export function createFrames(most = LONGEST_MESSAGE): Frames {
  let waiting: Buffer[] = [];
  let size = 0;
  /** Bytes that have to be there before another look is worth it: a long message would be joined again for each chunk. */
  let needed = 0;
  return {
    push(chunk) {
      waiting.push(chunk);
      size += chunk.length;
      if (size < needed) return [];
      const buffer = waiting.length === 1 ? chunk : Buffer.concat(waiting, size);
      const frames: Buffer[] = [];
      let at = 0;
      needed = 0;
      for (;;) {
        const element = elementAt(buffer, at);
        if (element !== null && element.tag !== MESSAGE) throw new BadEncoding('a message that is none');
        if (element === null || element.end > buffer.length) {
          if (element !== null) needed = element.end - at;
          if (needed > most) throw new MessageTooLong(most);
          break;
        }
        frames.push(buffer.subarray(at, element.end));
        at = element.end;
      }
      const rest = buffer.subarray(at);
      waiting = rest.length === 0 ? [] : [rest];
      size = rest.length;
      return frames;
    },
    hasRest: () => size > 0,
  };
}
