/**
 * The command line of the sandbox target. All that is wrong with it is reported at once, and nothing is started.
 */
import { parseArgs } from 'node:util';
import { z } from 'zod';
import type { SignIn } from './credentials.ts';
import { DIALECT_NAMES, type Dialect, dialectNamed } from './dialects/index.ts';
import { RATE_HEADER_STYLES } from './rate-headers.ts';
import type { ServerOptions } from './server.ts';

export const USAGE = `Usage: main.ts [options]
  --port N              port of the SCIM service, 0 for a free one (default 0)
  --control-port N      port of the control API, 0 for a free one (default 0)
  --user E --password P sign-in of an administrator; may be given several times, in pairs
                        (default admin@sandbox.test / sandbox)
  --dialect NAME        what kind of server it is (default agileplace):
                        ${DIALECT_NAMES.join(', ')}
  --token T             bearer token of the first sign-in; may be given several times
                        (default sandbox-token)
  --token-lifetime N    seconds that a token of /oauth/token lives (default 3600)
  --points N            requests per window and user, instead of the dialect's own limits
                        (agileplace: 120)
  --window-seconds N    length of that window (default 60)
  --rate-headers STYLE  how answers tell the limit: ${RATE_HEADER_STYLES.join(', ')}
                        (default as the dialect does)
  --bulk N              take bulk requests of up to N operations; 0: none (default as the dialect does)
  --journal N           requests that the journal keeps (default 100000)
  --no-unique           let several users have the same userName
  --data FILE           keep accounts, groups and tokens in FILE; without it, in memory only
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
  dialect: z.string().default('agileplace'),
  token: credential,
  'token-lifetime': z.coerce.number().positive().default(3600),
  points: z.coerce.number().int().min(0).optional(),
  'window-seconds': z.coerce.number().positive().max(86_400).optional(),
  'rate-headers': z.enum(RATE_HEADER_STYLES).optional(),
  bulk: z.coerce.number().int().min(0).optional(),
  journal: z.coerce.number().int().min(1).default(100_000),
  'no-unique': z.boolean().default(false),
  data: z.string().min(1).optional(),
  'stop-with-stdin': z.boolean().default(false),
});

type Flags = z.output<typeof flagsSchema>;

/** Where bulk requests are switched on for a dialect without any; a little less than any body may have. */
const BULK_PAYLOAD_BYTES = 1_000_000;
/** Where one of the two is given, and the dialect has no window. */
const USUAL_WINDOW = { points: 120, windowSeconds: 60 };

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
  const known = dialectNamed(flags.dialect);
  if (!known) return { kind: 'wrong', problems: [`--dialect: must be one of ${DIALECT_NAMES.join(', ')}`] };
  return {
    kind: 'ok',
    options: optionsOf(flags, adjusted(known, flags)),
    stopWithStdin: flags['stop-with-stdin'],
  };
}

function optionsOf(flags: Flags, dialect: Dialect): ServerOptions {
  return {
    port: flags.port,
    controlPort: flags['control-port'],
    dialect,
    rateHeaders: flags['rate-headers'] ?? dialect.rateHeaders,
    signIns: signInsOf(flags.user, flags.password),
    staticTokens: flags.token.length === 0 ? ['sandbox-token'] : flags.token,
    tokenLifetimeSeconds: flags['token-lifetime'],
    journalCapacity: flags.journal,
    unique: !flags['no-unique'],
    data: flags.data,
  };
}

/** The dialect with the limits and bulk requests that the command line asks for. */
function adjusted(dialect: Dialect, flags: Flags): Dialect {
  const { points, bulk, 'window-seconds': windowSeconds } = flags;
  const own = dialect.limits !== null && 'points' in dialect.limits ? dialect.limits : USUAL_WINDOW;
  const limits =
    points === undefined && windowSeconds === undefined
      ? {}
      : { limits: { points: points ?? own.points, windowSeconds: windowSeconds ?? own.windowSeconds } };
  const maxPayloadSize = dialect.bulk?.maxPayloadSize ?? BULK_PAYLOAD_BYTES;
  const asked =
    bulk === undefined ? {} : { bulk: bulk === 0 ? null : { maxOperations: bulk, maxPayloadSize } };
  return { ...dialect, ...limits, ...asked };
}

/** @returns the flags, or what parseArgs has against them */
function readFlags(args: readonly string[]): object | string {
  const one = { type: 'string' } as const;
  const many = { type: 'string', multiple: true } as const;
  const yes = { type: 'boolean' } as const;
  const numbers = { port: one, 'control-port': one, points: one, 'window-seconds': one, journal: one };
  const options = {
    ...numbers,
    dialect: one,
    'token-lifetime': one,
    'rate-headers': one,
    bulk: one,
    user: many,
    password: many,
    token: many,
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
