/**
 * The command line of the sandbox target. All that is wrong with it is reported at once, and nothing is started.
 */
import { parseArgs } from 'node:util';
import { z } from 'zod';
import type { SignIn } from './credentials.ts';
import type { ServerOptions } from './server.ts';

export const USAGE = `Usage: main.ts [options]
  --port N              port of the SCIM service, 0 for a free one (default 0)
  --control-port N      port of the control API, 0 for a free one (default 0)
  --user E --password P sign-in of an administrator; may be given several times, in pairs
                        (default admin@sandbox.test / sandbox)
  --points N            requests per window and user (default 120)
  --window-seconds N    length of the window (default 60)
  --journal N           requests that the journal keeps (default 100000)
  --no-unique           let several users have the same userName
  --data FILE           keep accounts and tokens in FILE; without it, in memory only
  --stop-with-stdin     stop when standard input ends, so as not to outlive the process that started it`;

export type CommandLine =
  | { readonly kind: 'ok'; readonly options: ServerOptions; readonly stopWithStdin: boolean }
  | { readonly kind: 'wrong'; readonly problems: readonly string[] };

const port = z.coerce.number().int().min(0).max(65_535).default(0);
const credential = z.array(z.string().min(1, 'must not be empty')).default([]);
const flagsSchema = z.object({
  port,
  'control-port': port,
  user: credential,
  password: credential,
  points: z.coerce.number().int().min(0).default(120),
  'window-seconds': z.coerce.number().positive().max(86_400).default(60),
  journal: z.coerce.number().int().min(1).default(100_000),
  'no-unique': z.boolean().default(false),
  data: z.string().min(1).optional(),
  'stop-with-stdin': z.boolean().default(false),
});

export function readCommandLine(args: readonly string[]): CommandLine {
  const raw = readFlags(args);
  if (typeof raw === 'string') return { kind: 'wrong', problems: [raw] };
  const result = flagsSchema.safeParse(raw);
  if (!result.success) {
    return {
      kind: 'wrong',
      problems: result.error.issues.map((issue) => `--${issue.path[0]?.toString()}: ${issue.message}`),
    };
  }
  const flags = result.data;
  if (flags.user.length !== flags.password.length) {
    return { kind: 'wrong', problems: ['--user and --password come in pairs; give one of each per sign-in'] };
  }
  const options: ServerOptions = {
    port: flags.port,
    controlPort: flags['control-port'],
    signIns: signInsOf(flags.user, flags.password),
    limits: { points: flags.points, windowSeconds: flags['window-seconds'] },
    journalCapacity: flags.journal,
    unique: !flags['no-unique'],
    data: flags.data,
  };
  return { kind: 'ok', options, stopWithStdin: flags['stop-with-stdin'] };
}

/** @returns the flags, or what parseArgs has against them */
function readFlags(args: readonly string[]): object | string {
  const one = { type: 'string' } as const;
  const many = { type: 'string', multiple: true } as const;
  const yes = { type: 'boolean' } as const;
  const numbers = { port: one, 'control-port': one, points: one, 'window-seconds': one, journal: one };
  const options = {
    ...numbers,
    user: many,
    password: many,
    data: one,
    'no-unique': yes,
    'stop-with-stdin': yes,
  };
  try {
    return parseArgs({ args: [...args], options, strict: true }).values;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function signInsOf(users: readonly string[], passwords: readonly string[]): readonly SignIn[] {
  if (users.length === 0) return [{ user: 'admin@sandbox.test', password: 'sandbox' }];
  return users.map((user, index) => ({ user, password: passwords[index] ?? '' }));
}
