/** A small world to plan in: a file of people, a sandbox target and a Redis, there for one test only. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type AdoptCommand, adoptCommand } from '../../app/cli/adopt.ts';
import { type ApplyCommand, applyCommand } from '../../app/cli/apply.ts';
import { type PlanCommand, planCommand } from '../../app/cli/plan.ts';
import type { PlanFile } from '../../app/plan/plan-file.ts';
import { createLogger } from '../../app/signals/log.ts';
import { startRedis } from '../support/redis.ts';
import { type Sandbox, type SandboxOptions, startSandbox } from '../support/sandbox.ts';
import { temporaryFolder } from './temporary-folder.ts';

export type Person = {
  readonly id: string;
  readonly mail?: string;
  readonly sn?: string;
  readonly title?: string;
  readonly manager?: string;
  readonly groups?: string;
  readonly pin?: string;
};

export type Ran = { readonly code: number; readonly text: string };

export type World = {
  readonly sandbox: Sandbox;
  readonly folder: string;
  /** The file of people says this now. */
  people(all: readonly Person[]): void;
  /** Lines of YAML for the target and the mapping's attributes, in place of the usual ones. */
  write(parts: WorldParts): void;
  plan(more?: Partial<PlanCommand>): Promise<Ran>;
  /** Plans, and leaves the plan in a file. */
  planFile(more?: Partial<PlanCommand>): Promise<{ readonly path: string; readonly file: PlanFile }>;
  apply(path: string, more?: Partial<ApplyCommand>): Promise<Ran>;
  adopt(more?: Partial<AdoptCommand>): Promise<Ran>;
  readonly redisUrl: string;
};

export type WorldParts = {
  readonly profile?: string;
  readonly target?: string;
  readonly attributes?: string;
  readonly more?: string;
  /** Keeps groups as well; what stands in their mapping besides. */
  readonly groups?: string;
};

const ATTRIBUTES = `  externalId: '= id'
  userName: '= e.mail'
  name: { familyName: '= e.sn' }
  title: '= e.title'
  active: true
`;

export async function planningWorld(options: SandboxOptions = {}, parts: WorldParts = {}): Promise<World> {
  const [sandbox, redis] = await Promise.all([startSandbox(options), startRedis()]);
  onTestFinished(async () => {
    await Promise.all([sandbox.stop(), redis.stop()]);
  });
  const folder = temporaryFolder();
  const file = join(folder, 'landbridge.yaml');
  const never = new AbortController().signal;
  const world = (lines: string[]) => ({
    file,
    env: { ...process.env, SCIM_PASSWORD: sandbox.password, SCIM_TOKEN: sandbox.token, REDIS_URL: redis.url },
    log: createLogger({ level: 'error', name: 'test' }),
    stop: never,
    hurry: never,
    write: (text: string) => void lines.push(text),
    note: () => {},
  });
  const run = async (work: (lines: string[]) => Promise<number>): Promise<Ran> => {
    const lines: string[] = [];
    const code = await work(lines);
    return { code, text: lines.join('\n') };
  };
  const write = (some: WorldParts) => {
    writeFileSync(
      file,
      configOf(sandbox, folder, { profile: options.dialect ?? 'agileplace', ...parts, ...some }),
    );
    writeFileSync(join(folder, 'mapping.yaml'), mappingOf({ ...parts, ...some }));
    writeFileSync(join(folder, 'groups.yaml'), groupMappingOf({ ...parts, ...some }));
  };
  const plan = (more: Partial<PlanCommand> = {}) =>
    run((lines) => planCommand({ ...world(lines), ...NO_WISH, ...more }));
  write({});
  return {
    sandbox,
    folder,
    redisUrl: redis.url,
    write,
    plan,
    people: (all) => writeFileSync(join(folder, 'people.csv'), csvOf(all)),
    async planFile(more = {}) {
      const path = join(folder, 'plan.json');
      const { text } = await plan({ out: path, json: true, ...more });
      return { path, file: JSON.parse(text) as PlanFile };
    },
    apply: (path, more = {}) =>
      run((lines) => applyCommand({ ...world(lines), ...APPLYING, plan: path, ...more })),
    adopt: (more = {}) => run((lines) => adoptCommand({ ...world(lines), ...ADOPTING, ...more })),
  };
}

const NO_WISH = {
  source: null,
  target: null,
  people: [],
  group: null,
  filter: null,
  fresh: false,
  out: null,
  json: false,
};

const APPLYING = {
  actor: 'ada.ops',
  reason: null,
  confirm: null,
  json: false,
};

const ADOPTING = {
  target: 'crm',
  accept: null,
  undo: false,
  fresh: false,
  actor: 'ada.ops',
  reason: null,
  json: false,
};

function configOf(sandbox: Sandbox, folder: string, parts: WorldParts): string {
  const { profile = '', target = '', groups } = parts;
  const auth = sandbox.authorization.startsWith('Bearer')
    ? `{ kind: bearer, token: '\${env:SCIM_TOKEN}' }`
    : `{ kind: basic, username: ${sandbox.user}, password: '\${env:SCIM_PASSWORD}' }`;
  return `version: 1
sources:
  hr:
    kind: file
    path: ${join(folder, 'people.csv')}
    complete: { settle: 100ms }
    csv: { id: Id, groups: { column: Groups } }
targets:
  crm:
    profile: ${profile}
    baseUrl: ${sandbox.baseUrl}
    auth: ${auth}
${target}mappings: [mapping.yaml${groups === undefined ? '' : ', groups.yaml'}]
`;
}

function mappingOf({ attributes = ATTRIBUTES, more = '' }: WorldParts): string {
  return `version: 1
source: hr
target: crm
resource: User
match: [externalId, userName]
reads: { mail: string, sn: string, title: string, manager: string, pin: string }
${more}attributes:
${attributes}`;
}

function groupMappingOf({ groups = '' }: WorldParts): string {
  return `version: 1
source: hr
target: crm
resource: Group
match: [displayName]
attributes: { displayName: '= g.name' }
${groups}`;
}

function csvOf(all: readonly Person[]): string {
  const rows = all.map(({ id, mail, sn = 'Byron', title = '', manager = '', groups = '', pin = '' }) =>
    [id, mail ?? `${id}@example.test`, sn, title, manager, groups, pin].join(','),
  );
  return `${['Id,mail,sn,title,manager,Groups,pin', ...rows].join('\n')}\n`;
}
