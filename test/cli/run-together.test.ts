import { expect, onTestFinished, test } from 'vitest';
import { type Program, runTogether } from '../../app/cli/run-together.ts';
import { keepCollectingGarbage } from '../support/collect-garbage.ts';

const NEVER = new AbortController().signal;

function node(name: string, source: string): Program {
  return { name, command: process.execPath, args: ['-e', source], env: process.env };
}

/** Runs programs, and asks to stop once this many lines were shown. */
async function runUntil(lineCount: number, programs: readonly Program[], graceMs = 30_000, hurry = NEVER) {
  const lines: string[] = [];
  const stop = new AbortController();
  const ending = await runTogether(
    programs,
    (line) => {
      lines.push(line);
      if (lines.length === lineCount) stop.abort();
    },
    { stop: stop.signal, hurry, graceMs },
  );
  return { ending, lines };
}

const WAITS =
  "process.on('SIGTERM', () => { console.log('bye'); process.exit(0); }); console.log('here'); setInterval(() => {}, 1000)";
const STUBBORN = "process.on('SIGTERM', () => {}); console.log('here'); setInterval(() => {}, 1000)";

test('each line carries the name of its program', async () => {
  const { ending, lines } = await runUntil(2, [node('web', WAITS), node('worker', WAITS)]);
  expect(ending).toEqual({ kind: 'asked' });
  expect(lines.slice(0, 2).sort()).toEqual(['web    | here', 'worker | here']);
  expect(lines.slice(2).sort()).toEqual(['web    | bye', 'worker | bye']);
});

test('errors that a program prints are shown, too', async () => {
  const { lines } = await runUntil(99, [node('web', "console.error('no good'); process.exit(3)")]);
  expect(lines).toEqual(['web | no good']);
});

test('when one program dies the others are stopped, and it is named', async () => {
  const { ending, lines } = await runUntil(99, [
    node('web', WAITS),
    node('worker', 'setTimeout(() => process.exit(3), 300)'),
  ]);
  expect(ending).toEqual({ kind: 'died', name: 'worker', how: 'exit code 3' });
  expect(lines.filter((line) => line.includes('bye'))).toEqual(
    lines.includes('web    | here') ? ['web    | bye'] : [],
  );
});

test('a program that cannot be started is named', async () => {
  const { ending } = await runUntil(99, [{ ...node('web', ''), command: '/nowhere/node' }]);
  expect(ending).toMatchObject({
    kind: 'died',
    name: 'web',
    how: expect.stringContaining('could not be started'),
  });
});

test('a program that does not end in time is killed', async () => {
  const { ending, lines } = await runUntil(1, [node('web', STUBBORN)], 200);
  expect(ending).toEqual({ kind: 'asked' });
  expect(lines).toEqual(['web | here', 'landbridge: web did not end in time and is killed']);
});

test('a program that does not end in time is killed, also where garbage is collected meanwhile', async () => {
  onTestFinished(keepCollectingGarbage());
  const { lines } = await runUntil(1, [node('web', STUBBORN)], 200);
  expect(lines).toEqual(['web | here', 'landbridge: web did not end in time and is killed']);
});

test('a second request to stop does not wait', async () => {
  const hurry = new AbortController();
  setTimeout(() => hurry.abort(), 500);
  const { lines } = await runUntil(1, [node('web', STUBBORN)], 600_000, hurry.signal);
  expect(lines.at(-1)).toBe('landbridge: web did not end in time and is killed');
});
