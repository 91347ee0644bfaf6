/**
 * The logical lines of LDIF (RFC 2849): a line that begins with a blank goes on with the line before it. Takes text in
 * whatever pieces it comes, and keeps no more than the line under way.
 */
import { Unreadable } from '../item.ts';

export type Line = {
  /** Where it begins. */
  readonly number: number;
  /** Empty for the line that ends a record. */
  readonly text: string;
};

export type Unfolder = {
  /** @throws Unreadable where a line is longer than any line should be */
  take(text: string): readonly Line[];
  /** @returns what was under way */
  end(): readonly Line[];
};

/** Room for a photograph, and for a group's name; a line that is longer is none. */
const LONGEST = 16 * 1_048_576;

export function createUnfolder(): Unfolder {
  let physical = '';
  let count = 0;
  let open: { number: number; text: string } | null = null;

  function close(into: Line[]): void {
    if (open !== null) into.push(open);
    open = null;
  }

  function add(line: string, into: Line[]): void {
    count += 1;
    if (line.startsWith(' ') && open !== null) {
      open.text += line.slice(1);
      checkLength(open.text, open.number);
      return;
    }
    close(into);
    if (line === '') into.push({ number: count, text: '' });
    else open = { number: count, text: line };
  }

  return {
    take(text) {
      const lines: Line[] = [];
      let from = 0;
      for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', from)) {
        const line = physical + text.slice(from, at);
        physical = '';
        add(line.endsWith('\r') ? line.slice(0, -1) : line, lines);
        from = at + 1;
      }
      physical += text.slice(from);
      checkLength(physical, count + 1);
      return lines;
    },
    end() {
      const lines: Line[] = [];
      if (physical !== '') add(physical.endsWith('\r') ? physical.slice(0, -1) : physical, lines);
      close(lines);
      return lines;
    },
  };
}

function checkLength(text: string, number: number): void {
  if (text.length > LONGEST) throw new Unreadable(`line ${number} is longer than 16 MiB`);
}
