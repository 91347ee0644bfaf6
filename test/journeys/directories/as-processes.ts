/**
 * The service as it is deployed: a web and a worker process with a configuration file. Reads come by the queue, when
 * the test asks for them and not by the clock, so that it is known what each of them had to find.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { QueueEvents } from 'bullmq';
import { hashToken } from '../../../app/config/index.ts';
import { createQueues, sourceQueueName } from '../../../app/queue/queues.ts';
import { connect } from '../../../app/store/connection.ts';
import { until } from '../../../sandbox/until.ts';
import { type Process, startProcess } from '../../support/processes.ts';
import { startRedis } from '../../support/redis.ts';
import { type Sandbox, startSandbox } from '../../support/sandbox.ts';
import { mappingText } from './mapping.ts';
import type { Server, Way } from './server.ts';
import { PAGE_SIZE, type Service, type StartService, TIMEOUT_MS } from './service.ts';

const TOKEN = 'lb_test-caller-of-the-table';
const PREFIX = 'landbridge';

export const startProcesses: StartService = async (server, way, port) => {
  const folder = await mkdtemp(join(tmpdir(), 'landbridge-table-'));
  const [redis, sandbox] = await Promise.all([startRedis(), startSandbox()]);
  const started: Process[] = [];
  const stop = async () => {
    await Promise.all(started.map((process) => process.end('SIGTERM')));
    await Promise.all([redis.stop(), sandbox.stop(), rm(folder, { recursive: true, force: true })]);
  };
  const start = async (entry: string, said: string) => {
    const env = {
      ...process.env,
      LANDBRIDGE_CONFIG: join(folder, 'landbridge.yaml'),
      REDIS_URL: redis.url,
      TEST_LDAP_PASSWORD: way.account.password,
      TEST_SCIM_PASSWORD: sandbox.password,
    };
    const { process: running, line } = await startProcess(entry, env, ({ msg }) => msg === said);
    started.push(running);
    return line;
  };
  try {
    await writeFile(join(folder, 'authority.pem'), server.ca);
    await writeFile(join(folder, 'mapping.yaml'), mappingText(server));
    await writeFile(join(folder, 'landbridge.yaml'), configuration(server, way, port, sandbox));
    const { url } = await start('app/main.ts', 'listening');
    await start('workers/main.ts', 'working');
    return serviceOver(asker(String(url)), sandbox, await queueOfReads(redis.url), stop);
  } catch (error) {
    await stop();
    throw error;
  }
};

function serviceOver(ask: Ask, sandbox: Sandbox, reads: Reads, stop: () => Promise<void>): Service {
  return {
    sandbox,
    async read(kind) {
      const id = await reads.run(kind);
      await quiet(ask);
      const { state, tracking } = await ask('GET', `/v1/runs/${id}`);
      return { state: String(state), tracking: tracking === undefined ? null : String(tracking) };
    },
    async release() {
      const { items } = await ask('GET', '/v1/runs?state=held');
      const ended: string[] = [];
      for (const { id } of items as readonly { id: string }[]) {
        ended.push(String((await ask('POST', `/v1/runs/${id}/release`, { reason: 'checked' }))['state']));
      }
      await quiet(ask);
      return ended;
    },
    async stop() {
      await reads.close();
      await stop();
    },
  };
}

type Ask = (method: string, path: string, body?: unknown) => Promise<Readonly<Record<string, unknown>>>;

function asker(url: string): Ask {
  return async (method, path, body) => {
    const headers = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' };
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    const response = await fetch(`${url}${path}`, { method, headers, ...sent });
    if (!response.ok) throw new Error(`${method} ${path} gave ${response.status}`);
    return (await response.json()) as Readonly<Record<string, unknown>>;
  };
}

type Reads = Awaited<ReturnType<typeof queueOfReads>>;

async function queueOfReads(redisUrl: string) {
  const redis = connect(redisUrl);
  const queues = createQueues(redis, PREFIX, ['agileplace'], ['corp'], () => {});
  const events = new QueueEvents(sourceQueueName('corp'), { connection: redis, prefix: queues.prefix });
  await events.waitUntilReady();
  return {
    /** @returns the id of the run that it was, once it has ended */
    async run(kind: 'poll' | 'sweep'): Promise<string> {
      const job = await queues.ofSource('corp').add(kind, { kind });
      const [, id = ''] = String(await job.waitUntilFinished(events)).split(' ');
      return id;
    },
    async close() {
      await events.close();
      await queues.close();
      redis.disconnect();
    },
  };
}

/** Nobody is due any more, at any target. */
async function quiet(ask: Ask): Promise<void> {
  await until('nobody is due', async () => {
    const { items } = await ask('GET', '/v1/targets');
    return (items as readonly { due: number }[]).every(({ due }) => due === 0);
  });
}

function configuration(server: Server, { account, configured }: Way, port: number, sandbox: Sandbox): string {
  const { bases, suffix } = server;
  return `version: 1
redis: { prefix: ${PREFIX} }
sources:
  corp:
    kind: ldap
    urls: ['ldaps://127.0.0.1:${port}']
    tls: { ca: authority.pem, serverName: localhost }
    bindDn: '${account.dn}'
    password: '\${env:TEST_LDAP_PASSWORD}'
    tracking: ${configured}
    people: { base: '${bases.staff}' }
    groups: { base: '${bases.groups}' }
    lookupBase: '${suffix}'
    poll: { every: 1d, sweepEvery: 30d, pageSize: ${PAGE_SIZE}, timeout: ${TIMEOUT_MS}ms }
targets:
  agileplace:
    profile: agileplace
    baseUrl: ${sandbox.baseUrl}
    auth: { kind: basic, username: ${sandbox.user}, password: '\${env:TEST_SCIM_PASSWORD}' }
    timeout: ${TIMEOUT_MS}ms
mappings: [mapping.yaml]
http: { port: 0 }
inbound:
  tokens:
    - { name: table, scopes: [read, admin], sha256: ${hashToken(TOKEN)} }
`;
}
