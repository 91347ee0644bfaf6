/** Cuts what comes over a socket into whole LDAP messages, however the network has cut it. */
import { BadEncoding, elementAt } from './ber.ts';

export type Frames = {
  /** @returns the messages that are whole now. @throws BadEncoding where the stream is none */
  push(chunk: Buffer): Buffer[];
  /** Whether the beginning of a message waits for the rest of it. */
  hasRest(): boolean;
};

/** Every LDAP message is a SEQUENCE (RFC 4511 section 4.1.1). */
const MESSAGE = 0x30;

export function createFrames(): Frames {
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
