/**
 * Runs ns-slapd in the foreground as our child on two free loopback ports, and ends it. A port that was free a moment
 * ago may be taken now, so a server that ends at once is started again on other ports.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { end, takesLogIn } from '../../../sandbox/directory/server-process.ts';
import type { Ports } from '../../../sandbox/directory/slapd-process.ts';
import { MANAGER_DN, withPorts } from './folder.ts';

export const NS_SLAPD = '/usr/sbin/ns-slapd';

export type RunningDs389 = { readonly ports: Ports; stop(): Promise<void> };

const START_ATTEMPTS = 5;
const READY_WITHIN_MS = 30_000;
const STOP_WITHIN_MS = 30_000;

/** @param pickPorts asked again after each attempt that failed */
export async function runDs389(
  folder: string,
  password: string,
  pickPorts: () => Promise<Ports>,
): Promise<RunningDs389> {
  const manager = { dn: MANAGER_DN, password };
  for (let attempt = 1; ; attempt += 1) {
    const ports = await pickPorts();
    await withPorts(folder, ports);
    const child = spawn(NS_SLAPD, ['-D', folder, '-i', join(folder, 'run', 'pid'), '-d', '0'], {
      stdio: 'ignore',
    });
    await once(child, 'spawn');
    const killWithUs = () => child.kill('SIGKILL');
    process.once('exit', killWithUs);
    const stop = async () => {
      process.off('exit', killWithUs);
      await end(child, STOP_WITHIN_MS);
    };
    if (await takesLogIn(child, ports.plain, manager, READY_WITHIN_MS)) return { ports, stop };
    await stop();
    if (attempt === START_ATTEMPTS) throw new Error(`ns-slapd did not start: ${await lastWords(folder)}`);
  }
}

async function lastWords(folder: string): Promise<string> {
  const log = await readFile(join(folder, 'log', 'errors'), 'utf8').catch(() => '');
  return log.trim().split('\n').slice(-5).join(' | ') || 'it left no message';
}
