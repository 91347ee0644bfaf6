/** What directories that run as our child in the foreground have in common: whether one serves, and its end. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'ldapts';

/**
 * Waits until it takes our own password: another server on the port would not.
 * @returns false where it has ended before that, or did not begin in time
 */
export async function takesLogIn(
  child: ChildProcess,
  port: number,
  account: { readonly dn: string; readonly password: string },
  withinMs: number,
): Promise<boolean> {
  for (let waited = 0; waited < withinMs && !hasEnded(child); waited += 50) {
    const client = new Client({ url: `ldap://127.0.0.1:${port}`, timeout: 2_000, connectTimeout: 2_000 });
    try {
      await client.bind(account.dn, account.password);
      return !hasEnded(child);
    } catch {
      await sleep(50);
    } finally {
      await client.unbind().catch(() => {});
    }
  }
  return false;
}

/** Waits for the process, not for its port: that closes before the data are whole on disk. */
export async function end(child: ChildProcess, withinMs: number): Promise<void> {
  if (hasEnded(child)) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const force = setTimeout(() => child.kill('SIGKILL'), withinMs);
  await ended;
  clearTimeout(force);
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}
