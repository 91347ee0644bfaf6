/**
 * One search whose answer is taken as it comes, with the controls of each message, and at the reader's pace: while the
 * reader is behind, the socket is not read, so that TCP slows the server down.
 */
import { AbandonRequest, Control, type Filter, SearchRequest } from 'ldapts';
import { readSearchItem, type SearchItem } from './messages.ts';
import type { SocketShare } from './socket-share.ts';

export type SearchScope = 'base' | 'one' | 'sub';

export type Search = {
  readonly base: string;
  readonly scope: SearchScope;
  readonly filter: Filter;
  readonly attributes: readonly string[];
  readonly controls?: readonly RequestControl[];
};

/** A control to send: its value in BER, null for none. */
export type RequestControl = {
  readonly oid: string;
  readonly critical: boolean;
  readonly value: Buffer | null;
};

/** Messages that may wait for the reader before the socket is left alone. */
const MOST_WAITING = 2_000;

/**
 * @returns the items in the batches in which they came; the last item of the last batch is `done`. A reader that stops
 *   early abandons the search (RFC 4511 section 4.11).
 * @throws Error where the connection is lost before that, BadEncoding where the server speaks no LDAP
 */
export async function* search(
  share: SocketShare,
  wanted: Search,
): AsyncGenerator<readonly SearchItem[], void> {
  const id = share.nextId();
  let waiting: SearchItem[] = [];
  let failure: Error | null = null;
  let wake = () => {};
  let paused = false;
  share.listen(id, {
    message(frame) {
      try {
        waiting.push(readSearchItem(frame));
      } catch (error) {
        failure ??= error as Error;
      }
      if (waiting.length >= MOST_WAITING && !paused) {
        paused = true;
        share.pause();
      }
      wake();
    },
    lost(error) {
      failure ??= error;
      wake();
    },
  });
  let ended = false;
  try {
    share.send(requestOf(id, wanted).write());
    while (!ended) {
      if (waiting.length === 0) {
        if (failure !== null) throw failure;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
        continue;
      }
      const batch = waiting;
      waiting = [];
      if (paused) {
        paused = false;
        share.resume();
      }
      ended = batch.at(-1)?.kind === 'done';
      yield batch;
    }
  } finally {
    share.forget(id);
    if (paused) share.resume();
    if (!ended && failure === null)
      share.send(new AbandonRequest({ messageId: share.nextId(), abandonId: id }).write());
  }
}

function requestOf(messageId: number, wanted: Search): SearchRequest {
  return new SearchRequest({
    messageId,
    baseDN: wanted.base,
    scope: wanted.scope,
    filter: wanted.filter,
    attributes: [...wanted.attributes],
    // Zero: the server's own limits. ldapts would ask it to stop after 10 s.
    timeLimit: 0,
    sizeLimit: 0,
    controls: (wanted.controls ?? []).map((control) => new SentControl(control)),
  });
}

class SentControl extends Control {
  readonly #value: Buffer | null;
  constructor({ oid, critical, value }: RequestControl) {
    super(oid, { critical });
    this.#value = value;
  }
  protected override writeControl(writer: Parameters<Control['write']>[0]): void {
    if (this.#value !== null) writer.writeBuffer(this.#value, 0x04);
  }
}
