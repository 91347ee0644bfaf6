/** What a test lets the peer say: messages of the protocol, and what goes wrong between them. */
import type { PeerControl, PeerResult, Value } from './encoding.ts';

export type Saying =
  | {
      readonly say: 'entry';
      readonly dn: string;
      readonly attributes: Readonly<Record<string, Value | readonly Value[]>>;
      readonly controls: readonly PeerControl[];
    }
  | { readonly say: 'reference'; readonly urls: readonly string[] }
  | { readonly say: 'intermediate'; readonly oid: string; readonly value: Buffer | null }
  /** The end of an operation. `name` and `value`: of an extended answer. */
  | { readonly say: 'done'; readonly result: PeerResult; readonly name?: string; readonly value?: Value }
  /** The next message ends after so many bytes, and the connection with it. */
  | { readonly say: 'cut-next'; readonly bytes: number }
  | { readonly say: 'drop' }
  | { readonly say: 'wait'; readonly ms: number }
  | { readonly say: 'raw'; readonly bytes: Buffer };

export type Sayings = Iterable<Saying> | AsyncIterable<Saying>;

export function entry(
  dn: string,
  attributes: Readonly<Record<string, Value | readonly Value[]>>,
  ...controls: readonly PeerControl[]
): Saying {
  return { say: 'entry', dn, attributes, controls };
}

export function reference(...urls: readonly string[]): Saying {
  return { say: 'reference', urls };
}

export function intermediate(oid: string, value: Buffer | null = null): Saying {
  return { say: 'intermediate', oid, value };
}

export function done(result: PeerResult = {}): Saying {
  return { say: 'done', result };
}

export function extendedDone(result: PeerResult, name: string, value?: Value): Saying {
  return { say: 'done', result, name, ...(value === undefined ? {} : { value }) };
}

/** The connection is reset. */
export const drop: Saying = { say: 'drop' };

export function cutNext(bytes: number): Saying {
  return { say: 'cut-next', bytes };
}

export function wait(ms: number): Saying {
  return { say: 'wait', ms };
}

/** Bytes as they are, whatever they mean. */
export function raw(bytes: Buffer): Saying {
  return { say: 'raw', bytes };
}
