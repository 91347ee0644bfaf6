/** Starts the reading process of `bench:directory` and gives it orders. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { LdapSourceOptions } from '../../app/sources/ldap/index.ts';

/** `read`: the source alone, everybody, nothing done with it. The others as a worker does them. */
export type Order = 'read' | 'sweep' | 'poll';

/** `peakMiB`: since the process began. */
export type Answer = { readonly seconds: number; readonly cpuSeconds: number; readonly peakMiB: number };

export type Setting = {
  readonly redisUrl: string;
  /** Of the keys in Redis: each has its own people. */
  readonly prefix: string;
  readonly password: string;
  readonly source: Omit<LdapSourceOptions, 'password' | 'now'>;
};

export type Reader = {
  give(order: Order): Promise<Answer>;
  stop(): Promise<void>;
};

/**
 * Compiled, as in production: what runs TypeScript as it stands costs a good part of the time itself. Not in `dist`, which
 * a build makes anew while the bench runs.
 */
const COMPILED = fileURLToPath(
  new URL('../../dist-bench/bench/directory-parts/reader-process.js', import.meta.url),
);

export function startReader(setting: Setting): Reader {
  const child: ChildProcess = fork(COMPILED, [JSON.stringify(setting)], { execArgv: [] });
  const exit = once(child, 'exit');
  return {
    async give(order) {
      const answer = once(child, 'message');
      child.send(order);
      const first = await Promise.race([answer, exit.then(() => null)]);
      if (first === null) throw new Error(`the reader ended during "${order}"`);
      return first[0] as Answer;
    },
    async stop() {
      if (child.connected) child.disconnect();
      await exit;
    },
  };
}
