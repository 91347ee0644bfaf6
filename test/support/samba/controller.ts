/**
 * Runs Samba as a domain controller in the foreground, as our child, on a loopback address of its own: its ports are
 * fixed (389, 636). It ends when our end of its standard input closes, so it never outlives us, and root's process
 * needs no signal from us.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { open, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'ldapts';
import type { Certificates } from '../../../sandbox/directory/certificates.ts';
import { asRoot, runAsRoot } from './as-root.ts';
import { REALM } from './domain-tree.ts';

export type Controller = {
  stop(): Promise<void>;
};

const READY_WITHIN_MS = 60_000;
const STOP_WITHIN_MS = 15_000;

/** One of 16 million; whoever else runs a server has hardly the same one. */
export function someAddress(): string {
  return ['127', randomInt(1, 255), randomInt(0, 255), randomInt(2, 255)].join('.');
}

/** Where the settings lie that the programs of Samba are told of. */
export function confOf(folder: string): string {
  return join(folder, 'server.conf');
}

export async function writeConf(folder: string, address: string, certificates: Certificates): Promise<void> {
  const settings: Readonly<Record<string, string>> = {
    'netbios name': 'DC1',
    realm: REALM.toUpperCase(),
    workgroup: 'ADTEST',
    'server role': 'active directory domain controller',
    'server services': 'ldap',
    'dcerpc endpoint servers': '',
    // With the length of its network: an address that no interface has by itself is not taken without it.
    interfaces: `${address}/8`,
    'bind interfaces only': 'yes',
    'private dir': join(folder, 'private'),
    'state directory': join(folder, 'state'),
    'cache directory': join(folder, 'cache'),
    'lock directory': folder,
    'pid directory': folder,
    'ncalrpc dir': join(folder, 'ncalrpc'),
    'log file': join(folder, 'log.%m'),
    'tls enabled': 'yes',
    'tls keyfile': certificates.keyFile,
    'tls certfile': certificates.certFile,
    'tls cafile': certificates.caFile,
  };
  const lines = Object.entries(settings).map(([name, value]) => `  ${name} = ${value}`);
  await writeFile(confOf(folder), ['[global]', ...lines, ''].join('\n'));
  // Samba refuses a key that its own user does not own, or that others may read.
  await runAsRoot('chown', ['0:0', certificates.keyFile]);
  await runAsRoot('chmod', ['600', certificates.keyFile]);
}

/** @throws Error with its last words where it does not start */
export async function runController(folder: string, address: string): Promise<Controller> {
  const logFile = join(folder, 'samba.log');
  const log = await open(logFile, 'a');
  let child: ChildProcess;
  try {
    const args = ['-s', confOf(folder), '-i', '-M', 'single', '--debug-stdout', '-d', '1'];
    const [command, all] = asRoot('samba', args);
    child = spawn(command, all, { stdio: ['pipe', log.fd, log.fd] });
    await once(child, 'spawn');
  } finally {
    await log.close();
  }
  const stop = () => end(child);
  if (await isReady(child, address)) return { stop };
  await stop();
  const said = (await readFile(logFile, 'utf8')).trim().split('\n').slice(-5).join(' | ');
  throw new Error(`samba did not start on ${address}: ${said}`);
}

async function isReady(child: ChildProcess, address: string): Promise<boolean> {
  for (let waited = 0; waited < READY_WITHIN_MS && !hasEnded(child); waited += 50) {
    const client = new Client({ url: `ldap://${address}`, timeout: 2_000, connectTimeout: 2_000 });
    try {
      await client.search('', { scope: 'base', attributes: ['dsServiceName'] });
      return !hasEnded(child);
    } catch {
      await sleep(50);
    } finally {
      await client.unbind().catch(() => {});
    }
  }
  return false;
}

async function end(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return;
  const ended = once(child, 'exit');
  child.stdin?.end();
  const force = setTimeout(() => void runAsRoot('kill', ['-KILL', String(child.pid)]), STOP_WITHIN_MS);
  await ended;
  clearTimeout(force);
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}
