/**
 * A whole installation over one directory in one of its ways, with a Redis and a target of its own, and a proxy before
 * the directory that can cut the line.
 */
import type { TrackingName } from '../../../app/sources/ldap/tracking/names.ts';
import { startTcpProxy } from '../../support/tcp-proxy.ts';
import { startProcesses } from './as-processes.ts';
import { startInProcess } from './in-process.ts';
import type { Way } from './server.ts';
import { type Snapshot, snapshotOf } from './snapshot.ts';
import type { World } from './world.ts';

export type Column = {
  readonly title: string;
  readonly world: World;
  readonly tracking: TrackingName;
  /** Reads, and provisions whoever is due. */
  read(kind: 'poll' | 'sweep'): Promise<void>;
  /** The same, but each connection is cut after so many bytes of answers. */
  readCut(kind: 'poll' | 'sweep', afterBytes: number): Promise<void>;
  /** How many bytes the directory answered with to the last read of everybody. */
  bytesOfASweep(): number;
  /** Releases what is held, and provisions. */
  release(): Promise<void>;
  /** What the target holds, and what came there since the last time. */
  take(): Promise<Snapshot>;
  stop(): Promise<void>;
};

export async function startColumn(world: World, way: Way): Promise<Column> {
  const { server } = world;
  const proxy = await startTcpProxy(server.address.port, server.address.host);
  const start = way.asProcesses === true ? startProcesses : startInProcess;
  const service = await start(server, way, proxy.port).catch(async (error: unknown) => {
    await proxy.stop();
    throw error;
  });
  const accountIds = new Map<string, string>();
  let runs: string[] = [];
  let bytesOfASweep = 0;
  const read = async (kind: 'poll' | 'sweep') => {
    const { state, tracking } = await service.read(kind);
    // A read that broke off had none, and another one than is asked for shows.
    runs.push(tracking === way.tracking || tracking === null ? state : `${state} by ${tracking}`);
  };
  return {
    title: `${server.title} ${way.tracking}${way.asProcesses === true ? ' (deployed)' : ''}`,
    world,
    tracking: way.tracking,
    async read(kind) {
      const before = proxy.answered();
      await read(kind);
      if (kind === 'sweep') bytesOfASweep = proxy.answered() - before;
    },
    async readCut(kind, afterBytes) {
      proxy.faultAfter(afterBytes, 'reset');
      await read(kind);
      proxy.behave();
    },
    bytesOfASweep: () => bytesOfASweep,
    async release() {
      runs.push(...(await service.release()));
    },
    async take() {
      const taken = await snapshotOf(service.sandbox, { people: world.ids, accountIds });
      const ended = runs;
      runs = [];
      return { runs: ended, ...taken };
    },
    async stop() {
      await Promise.all([service.stop(), proxy.stop()]);
    },
  };
}
