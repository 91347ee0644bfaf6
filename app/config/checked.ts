/**
 * The result of checking one written value: the value it means, or a sentence for the person who wrote it.
 *
 * A message says what is wrong and how to mend it. It never repeats what was written: a secret may have been
 * pasted into the wrong field (O-27).
 */
export type Checked<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly message: string };

export type Check<T> = (text: string) => Checked<T>;

export function accept<T>(value: T): Checked<T> {
  return { ok: true, value };
}

export function refuse(message: string): { readonly ok: false; readonly message: string } {
  return { ok: false, message };
}
