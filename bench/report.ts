/** How a benchmark ends: its figures as a table, and as a file for whoever compares them. */
import { mkdir, writeFile } from 'node:fs/promises';

/** In the repository, where npm runs them. */
const RESULTS = 'bench/results';

/** Prints the rows and writes them to bench/results. */
export async function report(name: string, people: number, rows: readonly object[]): Promise<void> {
  console.table(rows);
  await mkdir(RESULTS, { recursive: true });
  await writeFile(`${RESULTS}/${name}.json`, `${JSON.stringify({ people, rows }, null, 2)}\n`);
}
