/**
 * Runs slapd in the foreground as our child on two free loopback ports, and ends it. A port that was free a moment
 * ago may be taken now, so a slapd that ends at once is started again on other ports.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '../free-port.ts';
import { end, takesLogIn } from './server-process.ts';

export type Ports = { readonly plain: number; readonly secure: number };

export type PickPorts = () => Promise<Ports>;

export type RunningSlapd = { readonly ports: Ports; stop(): Promise<void> };

export type SlapdCommand = {
  readonly slapd: string;
  readonly folder: string;
  readonly adminDn: string;
  readonly adminPassword: string;
};

const START_ATTEMPTS = 5;
const READY_WITHIN_MS = 20_000;
const STOP_WITHIN_MS = 10_000;

/** @param pickPorts asked again after each attempt that failed */
export async function runSlapd(command: SlapdCommand, pickPorts: PickPorts): Promise<RunningSlapd> {
  const admin = { dn: command.adminDn, password: command.adminPassword };
  for (let attempt = 1; ; attempt += 1) {
    const ports = await pickPorts();
    const child = await spawnSlapd(command, ports);
    const killWithUs = () => child.kill('SIGKILL');
    process.once('exit', killWithUs);
    const stop = async () => {
      process.off('exit', killWithUs);
      await end(child, STOP_WITHIN_MS);
    };
    if (await takesLogIn(child, ports.plain, admin, READY_WITHIN_MS)) return { ports, stop };
    await stop();
    if (attempt === START_ATTEMPTS)
      throw new Error(`slapd did not start: ${await lastWords(command.folder)}`);
  }
}

export async function freePorts(): Promise<Ports> {
  return { plain: await freePort(), secure: await freePort() };
}

async function spawnSlapd({ slapd, folder }: SlapdCommand, { plain, secure }: Ports): Promise<ChildProcess> {
  const log = await open(join(folder, 'slapd.log'), 'a');
  try {
    const addresses = `ldap://127.0.0.1:${plain}/ ldaps://127.0.0.1:${secure}/`;
    const args = ['-f', join(folder, 'slapd.conf'), '-h', addresses, '-d', '0'];
    const child = spawn(slapd, args, { stdio: ['ignore', log.fd, log.fd] });
    await once(child, 'spawn');
    return child;
  } finally {
    await log.close();
  }
}

async function lastWords(folder: string): Promise<string> {
  const log = await readFile(join(folder, 'slapd.log'), 'utf8');
  return log.trim().split('\n').slice(-5).join(' | ') || 'it left no message';
}
