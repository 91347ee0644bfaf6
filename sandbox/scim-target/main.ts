/**
 * The sandbox target as a process. It prints one line of JSON that says where it listens, and ends with 0 on SIGTERM
 * and SIGINT.
 */
import { randomBytes } from 'node:crypto';
import { readCommandLine, USAGE } from './options.ts';
import { startTarget } from './server.ts';

const commandLine = readCommandLine(process.argv.slice(2));
if (commandLine.kind === 'wrong') {
  console.error([...commandLine.problems, '', USAGE].join('\n'));
  process.exit(2);
}

const target = await startTarget(commandLine.options, {
  now: () => new Date(),
  random: Math.random,
  randomText: () => randomBytes(32).toString('hex'),
}).catch((error: unknown) => {
  console.error(`The sandbox target cannot start: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
});

const stop = async () => {
  await target.stop();
  process.exit(0);
};
process.once('SIGTERM', stop);
process.once('SIGINT', stop);
if (commandLine.stopWithStdin) process.stdin.resume().once('close', stop);

console.log(JSON.stringify({ listening: { scim: target.scim, control: target.control } }));
