/**
 * A whole installation for a test: private slapd and Redis, a sandbox target, and Landbridge's own processes, started
 * from the sources as a deployment would start them. Everything is spoken to over the network.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { hashToken } from '../../app/config/index.ts';
import { type Directory, type DirectoryOptions, startDirectory } from '../../sandbox/directory/slapd.ts';
import { startRedis, type TestRedis } from './redis.ts';
import { type Sandbox, type SandboxOptions, startSandbox } from './sandbox.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export type Process = {
  readonly pid: number;
  /** Everything it has said so far. */
  readonly output: () => string;
  /** @returns the exit code, null where a signal ended it */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null>;
};

export type Answer = { readonly status: number; readonly body: Record<string, unknown> };

export type InstallationUnderTest = {
  readonly directory: Directory;
  readonly sandbox: Sandbox;
  readonly redis: TestRedis;
  readonly folder: string;
  startWorker(): Promise<Process>;
  startWeb(): Promise<Process>;
  api(method: string, path: string, body?: unknown, token?: string): Promise<Answer>;
  /** Where the web process listens; empty before it does. */
  webUrl(): string;
  stop(): Promise<void>;
};

export type InstallationOptions = {
  readonly directory?: DirectoryOptions;
  readonly sandbox?: SandboxOptions;
  /** Lines of YAML in place of the usual ones. */
  readonly policy?: string;
  readonly poll?: string;
  readonly timeout?: string;
  readonly mapping?: string;
  readonly auth?: string;
  /** Lines of YAML in place of the target's profile, baseUrl and auth. */
  readonly target?: string;
  readonly logLevel?: string;
  readonly redisPassword?: string;
  /** Beside the usual ones: indented lines of YAML, and paths of mapping files. */
  readonly more?: {
    readonly sources: string;
    readonly targets: string;
    readonly mappings: readonly string[];
  };
};

/** The token of the test's caller, with every scope. */
export const TOKEN = 'lb_test-caller-with-every-scope';

export async function startInstallation(options: InstallationOptions = {}): Promise<InstallationUnderTest> {
  const folder = await mkdtemp(join(tmpdir(), 'landbridge-test-'));
  const [directory, redis, sandbox] = await Promise.all([
    startDirectory(options.directory),
    startRedis(options.redisPassword),
    startSandbox(options.sandbox),
  ]);
  const config = join(folder, 'landbridge.yaml');
  await writeFile(config, yaml(options, directory, sandbox, folder));
  const env = {
    ...process.env,
    LANDBRIDGE_CONFIG: config,
    REDIS_URL: redis.url,
    TEST_LDAP_PASSWORD: directory.reader.password,
    TEST_SCIM_PASSWORD: sandbox.password,
  };
  const running: Process[] = [];
  let apiUrl = '';
  const start = async (entry: string, isReady: (line: LogLine) => boolean) => {
    const started = await startProcess(entry, env, isReady);
    running.push(started.process);
    return started;
  };
  return {
    directory,
    sandbox,
    redis,
    folder,
    async startWorker() {
      return (await start('workers/main.ts', ({ msg }) => msg === 'working')).process;
    },
    async startWeb() {
      const web = await start('app/main.ts', ({ msg }) => msg === 'listening');
      apiUrl = String(web.line.url);
      return web.process;
    },
    async api(method, path, body, token = TOKEN) {
      const response = await fetch(`${apiUrl}${path}`, {
        method,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      return { status: response.status, body: text === '' ? {} : JSON.parse(text) };
    },
    webUrl: () => apiUrl,
    async stop() {
      await Promise.all(running.map((process) => process.end('SIGTERM')));
      await Promise.all([directory.stop(), redis.stop(), sandbox.stop()]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

type LogLine = Readonly<Record<string, unknown>>;

async function startProcess(
  entry: string,
  env: NodeJS.ProcessEnv,
  isReady: (line: LogLine) => boolean,
): Promise<{ process: Process; line: LogLine }> {
  const child = spawn(process.execPath, ['--import', 'tsx', join(ROOT, entry)], {
    cwd: ROOT,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stderr.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  const line = await new Promise<LogLine>((settle, fail) => {
    child.once('exit', (code) => fail(new Error(`${entry} ended with ${code}: ${output}`)));
    createInterface({ input: child.stdout }).on('line', (text) => {
      output += `${text}\n`;
      const read = JSON.parse(text) as LogLine;
      if (isReady(read)) settle(read);
    });
  });
  return {
    line,
    process: { pid: child.pid ?? 0, output: () => output, end: (signal) => end(child, signal) },
  };
}

async function end(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) {
    const exit = once(child, 'exit');
    child.kill(signal);
    await exit;
  }
  return child.exitCode;
}

function yaml(options: InstallationOptions, directory: Directory, sandbox: Sandbox, folder: string): string {
  const auth =
    options.auth ??
    `{ kind: minted, username: ${sandbox.user}, password: '\${env:TEST_SCIM_PASSWORD}', keep: { file: ${folder}/target.token } }`;
  const more = options.more ?? { sources: '', targets: '', mappings: [] };
  const mappings = [options.mapping ?? join(ROOT, 'mappings/agileplace.yaml'), ...more.mappings];
  return `version: 1
log: { level: ${options.logLevel ?? 'info'} }
redis: { prefix: test-${randomBytes(4).toString('hex')} }
sources:
  corp:
    kind: ldap
    urls: ['${directory.ldapsUrl}']
    tls: { ca: '${directory.caFile}', serverName: localhost }
    bindDn: '${directory.reader.dn}'
    password: '\${env:TEST_LDAP_PASSWORD}'
    people: { base: '${directory.peopleBase}' }
    groups: { base: '${directory.groupsBase}' }
    lookupBase: '${directory.suffix}'
    poll: ${options.poll ?? '{ every: 1s, sweepEvery: 2s }'}
${more.sources}targets:
  agileplace:
    ${options.target ?? `profile: agileplace\n    baseUrl: ${sandbox.baseUrl}\n    auth: ${auth}`}
    timeout: ${options.timeout ?? '5s'}
${more.targets}mappings: ${JSON.stringify(mappings)}
policy: ${options.policy ?? '{ lease: 10s }'}
http: { port: 0 }
inbound:
  tokens:
    - { name: test, scopes: ['events:write', reprovision, read, admin], sha256: ${hashToken(TOKEN)} }
`;
}
