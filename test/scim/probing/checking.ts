/** A check of a sandbox target, with everything but the target itself in memory. */
import { setTimeout as sleep } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { checkTarget, profileNamed, type TargetCheck, type TargetReport } from '../../../app/scim/index.ts';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../support/sandbox.ts';
import { aCall, memoryBudgets } from '../memory-ports.ts';

export const NONCE = 'landbridge-check-0a1b2c';

/** What no report may hold. */
export const PRIVATE = ['canary', 'Xanthippe', 'Quillfeather'];

/** Starts a sandbox with three people, one of whom is not active. */
export async function startPopulated(options: SandboxOptions = {}): Promise<Sandbox> {
  const sandbox = await startSandbox(options);
  onTestFinished(async () => {
    await sandbox.stop();
  });
  const people = ['one', 'two', 'three'].map((word) => ({
    userName: `canary.${word}@example.test`,
    externalId: `canary-${word}`,
    name: { givenName: 'Xanthippe', familyName: 'Quillfeather' },
    emails: [{ value: `canary.${word}@example.test`, type: 'work', primary: true }],
    active: word !== 'two',
  }));
  await sandbox.seedAll(people);
  return sandbox;
}

type Asked = {
  readonly profile: string;
  readonly dialect?: string;
  readonly write?: boolean;
  readonly signal?: AbortSignal;
  readonly password?: string;
};

export async function check(sandbox: Sandbox, asked: Asked): Promise<TargetReport> {
  return await checkTarget(checkOf(sandbox, asked));
}

export function checkOf(
  sandbox: Pick<Sandbox, 'baseUrl' | 'user' | 'password' | 'token'>,
  { profile, dialect = profile, write = true, signal, password = sandbox.password }: Asked,
): TargetCheck {
  const found = profileNamed(profile);
  if (found === null) throw new Error(`there is no profile ${profile}`);
  const bearerOnly = dialect === 'slack' || dialect === 'uaa';
  return {
    target: {
      name: 'service',
      profile: found,
      baseUrl: sandbox.baseUrl,
      version: '0.0.0',
      auth: bearerOnly
        ? { kind: 'bearer', token: () => sandbox.token }
        : { kind: 'basic', username: sandbox.user, password: () => password },
      budgets: memoryBudgets(),
      now: () => new Date(),
      random: () => 0,
      timeoutMs: 5000,
    },
    write: write ? { userDomain: 'example.invalid' } : null,
    call: { ...aCall(signal === undefined ? {} : { signal }), waitUntil },
    cleaningCall: { ...aCall(), waitUntil },
    nonce: NONCE,
  };
}

async function waitUntil(until: Date): Promise<void> {
  await sleep(Math.max(0, until.getTime() - Date.now()));
}

/** `what: shows` of all that differs. */
export function differing({ findings }: TargetReport): readonly string[] {
  return findings.flatMap(({ what, shows, verdict }) => (verdict === 'differs' ? [`${what}: ${shows}`] : []));
}

export function shownFor({ findings }: TargetReport, what: string): string | undefined {
  return findings.find((finding) => finding.what === what)?.shows;
}
