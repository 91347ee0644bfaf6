/**
 * One search whose answer is taken as it comes, with the controls of each message, and at the reader's pace: while the
 * reader is behind, the socket is not read, so that TCP slows the server down.
 */
import { setImmediate } from 'node:timers/promises';
import { AbandonRequest, Control, type Filter, SearchRequest } from 'ldapts';
import type { Channel } from './channel.ts';
import { endsSearch, readSearchItem, type SearchItem } from './messages.ts';

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

/** Messages, and bytes of them, that may wait for the reader before the socket is left alone. */
const MOST_WAITING = 2_000;
const MOST_BYTES_WAITING = 16 * 1_048_576;

/** Messages that are taken apart at a time: in pieces they take many times as much memory as they came in. */
const MOST_IN_BATCH = 100;

/**
 * @returns the items in the batches in which they came; the last item of the last batch is `done`. A reader that stops
 *   early abandons the search (RFC 4511 section 4.11).
 * @throws ConnectionLost where the connection ends before that, BadEncoding where the server speaks no LDAP
 */
export async function* search(channel: Channel, wanted: Search): AsyncGenerator<readonly SearchItem[], void> {
  const id = channel.nextId();
  const inbox = listen(channel, id);
  channel.send(requestOf(id, wanted).write());
  try {
    for (;;) {
      const batch = await inbox.next();
      yield batch;
      if (batch.at(-1)?.kind === 'done') return;
    }
  } finally {
    channel.forget(id);
    if (inbox.isUnderWay() && !channel.isLost())
      channel.send(new AbandonRequest({ messageId: channel.nextId(), abandonId: id }).write());
  }
}

type Inbox = {
  /** What has come since it was last asked. @throws the error that ended the answer, behind what came before it */
  next(): Promise<readonly SearchItem[]>;
  isUnderWay(): boolean;
};

function listen(channel: Channel, id: number): Inbox {
  let waiting: Buffer[] = [];
  let bytes = 0;
  let failure: unknown = null;
  let ended = false;
  let isHeld = false;
  let wake = () => {};
  const end = (error: unknown) => {
    failure ??= error;
    ended = true;
    channel.forget(id);
    wake();
  };
  const hold = (behind: boolean) => {
    if (behind === isHeld || ended) return;
    isHeld = behind;
    channel.holdBack(id, behind);
  };
  channel.listen(id, {
    message(frame) {
      waiting.push(frame);
      bytes += frame.length;
      if (waiting.length >= MOST_WAITING || bytes >= MOST_BYTES_WAITING) hold(true);
      if (endsSearch(frame)) end(null);
      else wake();
    },
    lost: end,
  });
  return {
    async next() {
      while (waiting.length === 0) {
        if (failure !== null) throw failure;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
        // Over TLS, each entry arrives by itself: what else has come with it is taken along.
        if (!ended) await setImmediate();
      }
      const taken = waiting.slice(0, MOST_IN_BATCH);
      bytes -= taken.reduce((sum, frame) => sum + frame.length, 0);
      const { items, broken } = readAll(taken);
      // Nothing that comes behind a broken message may make the answer look whole.
      waiting = broken === null ? waiting.slice(MOST_IN_BATCH) : [];
      if (broken !== null) end(broken);
      if (waiting.length <= MOST_WAITING / 2 && bytes <= MOST_BYTES_WAITING / 2) hold(false);
      if (items.length === 0) throw broken;
      return items;
    },
    isUnderWay: () => !ended,
  };
}

/** `broken`: why it goes no further than the items; null where all of them could be read. */
function readAll(frames: readonly Buffer[]): {
  readonly items: readonly SearchItem[];
  readonly broken: unknown;
} {
  const items: SearchItem[] = [];
  try {
    for (const frame of frames) items.push(readSearchItem(frame));
    return { items, broken: null };
  } catch (error) {
    return { items, broken: error };
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
