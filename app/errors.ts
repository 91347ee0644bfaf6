/**
 * Failures at the edges, one class per thing the caller must do about them.
 *
 * They are decided once, where the answer arrives (LDAP result, HTTP status), and turned into an `Outcome` by
 * `sync/provisioning/failure.ts`. Nobody reads a message text to find out what happened. No message carries a secret or an
 * attribute value.
 */

/** The target's budget is spent. Wait until `until`; it is not a failure and costs no attempt. */
export class RateLimited extends Error {
  override name = 'RateLimited';
  readonly until: Date;
  constructor(until: Date) {
    super(`rate limited until ${until.toISOString()}`);
    this.until = until;
  }
}

/**
 * The spent budget that an error is about. It may be one behind another: a write went through, and there was no room to
 * look at what came of it.
 * @returns null where it is about something else
 */
export function rateLimitBehind(error: unknown): RateLimited | null {
  const limit = error instanceof TargetUnavailable ? error.cause : error;
  return limit instanceof RateLimited ? limit : null;
}

/**
 * The target did not give a usable answer: connection lost, timeout, 5xx, an HTML page. Try again later.
 * `outcomeUnknown` is true when a write may have happened although we saw no answer; `notBefore` carries the
 * server's own Retry-After, `words` its explanation where it gave one as SCIM. Those may name a value, so they are
 * shown to an operator who asks, and are never part of the message.
 */
export class TargetUnavailable extends Error {
  override name = 'TargetUnavailable';
  readonly outcomeUnknown: boolean;
  readonly notBefore: Date | null;
  readonly words: string | null;
  constructor(
    message: string,
    options: {
      outcomeUnknown?: boolean;
      notBefore?: Date | null;
      words?: string | null;
      cause?: unknown;
    } = {},
  ) {
    super(message, { cause: options.cause });
    this.outcomeUnknown = options.outcomeUnknown ?? false;
    this.notBefore = options.notBefore ?? null;
    this.words = options.words ?? null;
  }
}

/** The target refuses our credential, or what answers there is not the SCIM service. Pause the whole target. */
export class TargetUnusable extends Error {
  override name = 'TargetUnusable';
  readonly why: 'unauthorized' | 'misconfigured';
  constructor(why: 'unauthorized' | 'misconfigured', message: string) {
    super(message);
    this.why = why;
  }
}

/** The target understood this one request and will not do it. Do not repeat it; show `words` to a person. */
export class Refused extends Error {
  override name = 'Refused';
  readonly status: number;
  readonly words: string;
  constructor(status: number, words: string) {
    super(`refused with ${status}: ${words}`);
    this.status = status;
    this.words = words;
  }
}

/** Our right to write this person has passed to somebody else. Stop without another request. */
export class LeaseLost extends Error {
  override name = 'LeaseLost';
}

/** A source could not be asked, or stopped in the middle of the answer. Nothing may be concluded from it. */
export class SourceUnavailable extends Error {
  override name = 'SourceUnavailable';
}
