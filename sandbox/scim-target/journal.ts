/**
 * What was asked of this target and what it answered, for tests and rehearsals to look at. The oldest lines make room
 * for new ones. Of the headers only If-Match is recorded, so no credential can be; passwords and client secrets in a
 * body are redacted at any depth.
 */
import { isList, isObject, type Json } from './json.ts';

export type JournalEntry = {
  /** Grows by one with each request, also over a wiped journal. */
  readonly sequence: number;
  readonly receivedAt: string;
  /** When answer and work were over; null while they are not. */
  readonly answeredAt: string | null;
  /** After X-HTTP-Method-Override. */
  readonly method: string;
  /** With the query, as sent. */
  readonly path: string;
  /** null where there was none, or none that is JSON or a form. */
  readonly body: Json;
  /** null where no complete answer was sent: connection dropped by a fault, or by the client. */
  readonly status: number | null;
  /** null for a request without a valid credential. */
  readonly user: string | null;
  /** By which kind of credential the user came in; null for a request without a valid one. */
  readonly auth: 'basic' | 'bearer' | 'form' | null;
  /** Whether X-HTTP-Method-Override was used. */
  readonly overridden: boolean;
  /** The If-Match header, as sent; null where there was none. */
  readonly ifMatch: string | null;
  /** The kinds of fault that struck. */
  readonly faults: readonly string[];
};

export type Departure = Pick<JournalEntry, 'answeredAt' | 'status' | 'faults'>;
export type Arrival = Omit<JournalEntry, 'sequence' | keyof Departure>;

const SECRETS: ReadonlySet<string> = new Set(['password', 'client_secret']);

export class Journal {
  private readonly entries = new Map<number, JournalEntry>();
  private readonly capacity: number;
  private last = 0;

  constructor(capacity: number) {
    this.capacity = capacity;
  }

  /** @returns the sequence number to close the line with */
  open(arrival: Arrival): number {
    this.last += 1;
    const body = redact(arrival.body);
    this.entries.set(this.last, {
      sequence: this.last,
      ...arrival,
      body,
      answeredAt: null,
      status: null,
      faults: [],
    });
    this.entries.delete(this.last - this.capacity);
    return this.last;
  }

  /** A line that was wiped meanwhile stays wiped. */
  close(sequence: number, departure: Departure): void {
    const entry = this.entries.get(sequence);
    if (entry) this.entries.set(sequence, { ...entry, ...departure });
  }

  /** In the order of arrival. @param since only what came after this sequence number */
  list(filter: { method?: string | undefined; since?: number | undefined }): readonly JournalEntry[] {
    const since = filter.since ?? 0;
    return [...this.entries.values()].filter(
      (entry) => entry.sequence > since && (filter.method === undefined || entry.method === filter.method),
    );
  }

  clear(): void {
    this.entries.clear();
  }
}

function redact(value: Json): Json {
  if (isList(value)) return value.map(redact);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      SECRETS.has(key.toLowerCase()) ? '[redacted]' : redact(inner),
    ]),
  );
}
