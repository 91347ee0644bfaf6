/**
 * A whole installation for a test: private slapd and Redis, a sandbox target, and Landbridge's own processes, started
 * from the sources as a deployment would start them. Everything is spoken to over the network.
 */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { hashToken } from '../../app/config/index.ts';
import { type Directory, type DirectoryOptions, startDirectory } from '../../sandbox/directory/slapd.ts';
import { type LogLine, type Process, startProcess } from './processes.ts';
import { startRedis, type TestRedis } from './redis.ts';
import { type Sandbox, type SandboxOptions, startSandbox } from './sandbox.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

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
