/**
 * A line for a terminal: what servers say and files are called may hold anything, and a terminal obeys some of it, or
 * shows it in another order. Pure.
 */
export function plainLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Bidi_Control}]/gu, ' ');
}
