/**
 * The log: JSON lines on standard output. It is the last place where a secret or a personal value could slip out, so
 * what may carry one is taken out here, whoever wrote it: fields by name, credentials in texts by their shape, and of
 * an error we did not make only its kind and where it arose, never its message (O-27).
 */
import { type DestinationStream, type Logger, pino } from 'pino';
import { LeaseLost, RateLimited, SourceUnavailable, TargetUnavailable, TargetUnusable } from '../errors.ts';

export type { Logger } from 'pino';
export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

const SECRET_FIELDS = [
  'authorization',
  'Authorization',
  'cookie',
  'password',
  'userPassword',
  'token',
  'accessToken',
  'access_token',
  'secret',
  'apiKey',
  'x-api-key',
  'X-Api-Key',
];

/** A field is looked for at the top, one level down and two levels down. */
const REDACTED_PATHS = SECRET_FIELDS.flatMap((field) => {
  const name = field.includes('-') ? `["${field}"]` : field;
  const below = field.includes('-') ? name : `.${name}`;
  return [name, `*${below}`, `*.*${below}`];
});

const CENSOR = '[redacted]';

/** Errors whose messages are ours and promise to carry no value (`app/errors.ts`). */
const OUR_ERRORS = [RateLimited, TargetUnavailable, TargetUnusable, LeaseLost, SourceUnavailable];

/** @param destination where the lines go; by default standard output */
export function createLogger(
  options: { readonly level: LogLevel; readonly name: string },
  destination?: DestinationStream,
): Logger {
  return pino(
    {
      level: options.level,
      base: { process: options.name, pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: REDACTED_PATHS, censor: CENSOR },
      serializers: { err: describeError, error: describeError, reason: asText },
      hooks: { streamWrite: withoutCredentials },
    },
    ...(destination === undefined ? [] : [destination]),
  );
}

/** What may be told of an error: its kind, code and place; its message only where it is one of ours. */
export function describeError(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { name: typeof error };
  const code = codeOf(error);
  const ours = OUR_ERRORS.some((known) => error instanceof known);
  return {
    name: error.name,
    ...(code === null ? {} : { code }),
    ...(ours ? { message: error.message } : {}),
    at: placesOf(error),
    ...(error.cause === undefined ? {} : { cause: describeError(error.cause) }),
  };
}

/** Redis puts its code first in the message; what follows may quote our command, and so the password of Redis. */
function codeOf(error: Error): string | null {
  const { code } = error as NodeJS.ErrnoException;
  if (typeof code === 'string') return code;
  return error.name === 'ReplyError' ? (/^[A-Z]+/.exec(error.message)?.[0] ?? null) : null;
}

/** The lines of the stack below the message, which may itself have several lines, and look like places. */
function placesOf({ stack = '', message }: Error): readonly string[] {
  const said = stack.indexOf(message);
  const below = said === -1 ? '' : stack.slice(said + message.length);
  const lines = below.split('\n').map((line) => line.trim());
  return lines.filter((line) => /^at .+:\d+:\d+\)?$/.test(line)).slice(0, 8);
}

function asText(value: unknown): unknown {
  return value instanceof Error ? describeError(value) : value;
}

/** Takes credentials out of a finished line: in an Authorization value, in a URL's user part, in its query. */
function withoutCredentials(line: string): string {
  return line
    .replace(/\b(Bearer\s+)[^\s"\\]{6,}/gi, `$1${CENSOR}`)
    .replace(/\b(Basic\s+)[\w+/=]{16,}/gi, `$1${CENSOR}`)
    .replace(/(\w:\/\/)[^\s/@"]+@/g, `$1${CENSOR}@`)
    .replace(/([?&](?:access_)?token=)[^\s&"]+/gi, `$1${CENSOR}`);
}
