import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { RateLimited } from '../../../app/errors.ts';
import { createScimTarget, profileNamed, type ScimTarget } from '../../../app/scim/index.ts';
import { createBudgets } from '../../../app/store/budgets.ts';
import { connect, createStore } from '../../../app/store/connection.ts';
import { startRedis, type TestRedis } from '../../support/redis.ts';
import { type Sandbox, startSandbox } from '../../support/sandbox.ts';
import { aCall } from '../memory-ports.ts';

const now = () => new Date();

let server: TestRedis;
let sandbox: Sandbox;
beforeAll(async () => {
  [server, sandbox] = await Promise.all([startRedis(), startSandbox()]);
});
afterAll(async () => {
  await Promise.all([server.stop(), sandbox.stop()]);
});

/** As a process has it: a connection of its own to Redis and to the target. */
function aProcess() {
  const redis = connect(server.url);
  const profile = profileNamed('agileplace');
  if (profile === null) throw new Error('there is no agileplace profile');
  const target = createScimTarget({
    name: 'agileplace',
    profile,
    baseUrl: sandbox.baseUrl,
    auth: { kind: 'basic', username: sandbox.user, password: () => sandbox.password },
    budgets: createBudgets(createStore(redis, 'landbridge'), now),
    version: '0.0.0',
    timeoutMs: 5_000,
    connections: 5,
    now,
    random: () => 0,
  });
  const close = async () => {
    await target.close();
    redis.disconnect();
  };
  return { target, redis, close };
}

/** Looks somebody up, and comes back when told to, as a worker does. */
async function look(target: ScimTarget, lane: 'bulk' | 'update'): Promise<void> {
  for (;;) {
    try {
      await target.find({ by: 'userName', value: 'nobody@example.test' }, aCall({ lane }));
      return;
    } catch (error) {
      if (!(error instanceof RateLimited)) throw error;
      await sleep(Math.max(1, error.until.getTime() - Date.now()));
    }
  }
}

describe('three processes that share a credential', () => {
  let processes: ReturnType<typeof aProcess>[];
  beforeEach(async () => {
    processes = [aProcess(), aProcess(), aProcess()];
    await processes[0]?.redis.flushall();
    await sandbox.reset();
    return () => Promise.all(processes.map(({ close }) => close()));
  });

  async function statusesOf(requests: number): Promise<readonly (number | null)[]> {
    await Promise.all(
      Array.from({ length: requests }, (_, n) => {
        const target = processes[n % processes.length]?.target;
        if (target === undefined) throw new Error('no process');
        return look(target, n % 2 === 0 ? 'bulk' : 'update');
      }),
    );
    return (await sandbox.journal()).map(({ status }) => status);
  }

  test('send every point that the target grants, and none that it would refuse', async () => {
    await sandbox.limits({ points: 20, windowSeconds: 1 });
    expect(await statusesOf(50)).toEqual(Array(50).fill(200));
  });

  test('send the first request of a window alone, and the others right after its answer', async () => {
    await sandbox.limits({ points: 20, windowSeconds: 60 });
    await sandbox.fault({ kind: 'latency', milliseconds: 60 });
    await statusesOf(12);
    const journal = await sandbox.journal();
    const [scout, ...others] = journal.map(({ receivedAt, answeredAt }) => ({
      from: Date.parse(receivedAt),
      to: Date.parse(answeredAt ?? ''),
    }));
    const early = others.filter(({ from }) => from < (scout?.to ?? 0));
    expect([others.length, early.length]).toEqual([11, 0]);
  });
});
