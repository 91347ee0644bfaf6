/** Rows as a table for a terminal: columns as wide as what stands in them, and a line under the head. Pure. */
type Row = readonly string[];

/** @returns its lines, without blanks at their ends */
export function table(head: Row, body: readonly Row[]): readonly string[] {
  const widths = head.map((cell, column) =>
    Math.max(cell.length, ...body.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: Row) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...body.map(line)];
}
