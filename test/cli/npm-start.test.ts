import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from './temporary-folder.ts';

/** Stands in for Landbridge: tells who it is, and ends when it is asked to. */
const STAND_IN = `
  for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => { console.log('asked by ' + signal); process.exit(0); });
  setInterval(() => {}, 1000);
  console.log('pid ' + process.pid + ' ' + process.argv.slice(2).join(' '));
`;

/** A checkout in which the real start script finds nothing to set up. */
function checkout(): string {
  const folder = temporaryFolder();
  const { start } = JSON.parse(readFileSync('package.json', 'utf8')).scripts;
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'checkout', scripts: { start } }));
  mkdirSync(join(folder, 'scripts'));
  writeFileSync(join(folder, 'scripts', 'setup.sh'), 'exit 0\n');
  mkdirSync(join(folder, 'bin'));
  writeFileSync(join(folder, 'bin', 'landbridge.js'), STAND_IN);
  return folder;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

test.each(['SIGTERM', 'SIGINT'] as const)(
  'npm start hands %s on to Landbridge and does not end before it',
  async (signal) => {
    const npm = spawn('npm', ['start', '--silent'], {
      cwd: checkout(),
      detached: true,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const lines: string[] = [];
    const output = createInterface({ input: npm.stdout });
    const saidAll = once(output, 'close');
    const started = new Promise<number>((settle) => {
      output.on('line', (line) => {
        lines.push(line);
        const pid = /^pid (\d+) /.exec(line)?.[1];
        if (pid !== undefined) settle(Number(pid));
      });
    });
    const pid = await started;
    onTestFinished(() => {
      if (isAlive(pid)) process.kill(pid, 'SIGKILL');
    });
    const ended = once(npm, 'exit');
    npm.kill(signal);
    await ended;
    expect(isAlive(pid)).toBe(false);
    await saidAll;
    expect(lines).toEqual([`pid ${pid} dev`, `asked by ${signal}`]);
  },
);
