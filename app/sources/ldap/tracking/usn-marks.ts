/**
 * How far each domain controller of a domain has been read, by its own update sequence numbers. Pure.
 *
 * A number means something at the controller that gave it, and there only until it is restored from a backup: then its
 * database gets a new id (invocationId), and numbers that were given before are given again ([MS-ADTS] 3.1.1.1.4,
 * "Polling for Changes Using USNChanged" of its documentation). Numbers have 64 bits.
 */
import * as z from 'zod';

/** `controller`: the id of its database. `usn`: up to which everything was read. */
export type UsnMark = { readonly controller: string; readonly usn: bigint };

/** The one that was read last stands last. */
export type UsnMarks = readonly UsnMark[];

/** A controller that was not read for so many others is begun anew. */
const MOST_CONTROLLERS = 32;

const stored = z.strictObject({
  controllers: z.array(z.strictObject({ controller: z.string().min(1), usn: z.string() })),
});

export function storeMarks(marks: UsnMarks): unknown {
  return { controllers: marks.map(({ controller, usn }) => ({ controller, usn: String(usn) })) };
}

/** @returns none where this is not what `storeMarks` made */
export function loadMarks(kept: unknown): UsnMarks {
  const result = stored.safeParse(kept);
  if (!result.success) return [];
  return result.data.controllers.flatMap(({ controller, usn }) => {
    const number = parseUsn(usn);
    return number === null ? [] : [{ controller, usn: number }];
  });
}

/** @returns null for anything but a whole number that 63 bits hold */
export function parseUsn(text: string): bigint | null {
  if (!/^\d{1,19}$/.test(text)) return null;
  const number = BigInt(text);
  return number < 2n ** 63n ? number : null;
}

/** The marks after everything up to `usn` was read at one controller. Those of the others stay true. */
export function withMark(marks: UsnMarks, mark: UsnMark): UsnMarks {
  const others = marks.filter(({ controller }) => controller !== mark.controller);
  return [...others, mark].slice(-MOST_CONTROLLERS);
}

/** Where a read begins. `why`: what an operator should know where it is the beginning although there are marks. */
export type Start =
  | { readonly kind: 'since'; readonly usn: bigint }
  | { readonly kind: 'beginning'; readonly why: string | null };

/** @param committed the highest number that the controller has given, as it says now */
export function startOf(marks: UsnMarks, controller: string, committed: bigint): Start {
  const known = marks.find((mark) => mark.controller === controller);
  if (known !== undefined && known.usn <= committed) return { kind: 'since', usn: known.usn };
  if (known !== undefined) {
    return {
      kind: 'beginning',
      why: 'everybody was read: the domain controller stands before where it was read to, as after a restore',
    };
  }
  const isFirst = marks.length === 0;
  return {
    kind: 'beginning',
    why: isFirst
      ? null
      : 'everybody was read: this domain controller, or its restored database, is a new one',
  };
}
