/**
 * The faults this target can be told to have, and on which requests. Only data: `fault-registry.ts` keeps and picks
 * them, `fault-effects.ts` carries them out.
 *
 * Faults that answer instead of the target have a `phase`: `before-commit` leaves the accounts as they are,
 * `after-commit` applies the write first and then hides its result, as a gateway does that gives up too early.
 */
import { z } from 'zod';

const phase = z.enum(['before-commit', 'after-commit']).default('before-commit');
const retryAfter = z.string().max(200).describe('sent verbatim as Retry-After, in any spelling');

/** Which requests a fault strikes. Everything left out matches; all that is given must match. */
const matchers = {
  method: z
    .enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE'])
    .optional()
    .describe('after X-HTTP-Method-Override'),
  path: z
    .string()
    .max(500)
    .refine(isPattern, 'is not a regular expression')
    .optional()
    .describe('regular expression, tried on path and query without regard to case'),
  user: z.string().min(1).optional().describe('id or userName of the user that the request is about'),
  count: z.int().positive().optional().describe('how many times it strikes; without it, until it is cleared'),
  probability: z.number().gt(0).max(1).default(1),
};

export const faultSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('latency'),
    milliseconds: z.int().min(0).max(600_000),
    phase,
    ...matchers,
  }),
  z.strictObject({ kind: z.literal('drop-before-commit'), ...matchers }),
  z.strictObject({ kind: z.literal('drop-after-commit'), ...matchers }),
  z.strictObject({
    kind: z.literal('status'),
    status: z.int().min(400).max(599).default(500),
    description: z.string().default('The request could not be handled.'),
    retryAfter: retryAfter.optional(),
    phase,
    ...matchers,
  }),
  z.strictObject({ kind: z.literal('unavailable'), retryAfter: retryAfter.default('1'), phase, ...matchers }),
  z.strictObject({
    kind: z.literal('html-error'),
    status: z.int().min(400).max(599).default(502),
    phase,
    ...matchers,
  }),
  z.strictObject({
    kind: z.literal('text-error'),
    status: z.int().min(400).max(599).default(400),
    text: z.string().default('The request is not valid.'),
    phase,
    ...matchers,
  }),
  z.strictObject({ kind: z.literal('sign-in-page'), phase, ...matchers }),
  z.strictObject({ kind: z.literal('unauthorized'), ...matchers }),
  z.strictObject({
    kind: z.literal('error-in-success'),
    status: z.int().min(200).max(299).default(200),
    code: z.union([z.string(), z.number()]).default('400').describe('a number is sent as a number'),
    description: z.string().default('The value is not accepted.'),
    phase,
    ...matchers,
  }),
  z.strictObject({
    kind: z.literal('redirect'),
    location: z.url(),
    status: z.union([z.literal(302), z.literal(307), z.literal(308)]).default(302),
    ...matchers,
  }),
  z.strictObject({
    kind: z.literal('huge-body'),
    bytes: z
      .int()
      .positive()
      .default(50 * 1024 * 1024),
    phase,
    ...matchers,
  }),
  z.strictObject({ kind: z.literal('no-content'), ...matchers }),
  z.strictObject({
    kind: z.literal('content-type'),
    value: z.string().default('application/scim+json'),
    ...matchers,
  }),
  z.strictObject({ kind: z.literal('ignore-filter'), ...matchers }),
  z.strictObject({ kind: z.literal('ignore-paging'), ...matchers }),
  z.strictObject({ kind: z.literal('hide-from-search'), ...matchers }),
  z.strictObject({
    kind: z.literal('odd-paging'),
    startIndexCounts: z.enum(['from-0', 'pages-from-0', 'pages-from-1']),
    ...matchers,
  }),
  z.strictObject({
    kind: z.literal('moved-entries'),
    by: z
      .int()
      .default(-1)
      .describe('below 0, a later page begins with entries of the one before; above, it leaves some out'),
    ...matchers,
  }),
  z.strictObject({ kind: z.literal('items-per-page'), value: z.int().min(0).default(0), ...matchers }),
  z.strictObject({
    kind: z.literal('wrong-total'),
    total: z.int().min(0).optional().describe('without it, the right one'),
    asText: z.boolean().default(false),
    ...matchers,
  }),
]);

/** A fault as it is kept, with its defaults. */
export type Fault = z.output<typeof faultSchema>;
/** A fault as a client writes it. */
export type FaultInput = z.input<typeof faultSchema>;

/** What a fault is matched against. */
export type Occasion = {
  readonly method: string;
  readonly path: string;
  readonly asks: 'list' | 'one' | 'other';
  /** Ids and userNames the request is about, lower case. */
  readonly subjects: readonly string[];
};

const ABOUT_LISTS: ReadonlySet<string> = new Set([
  ...['ignore-filter', 'ignore-paging', 'hide-from-search'],
  ...['odd-paging', 'moved-entries', 'items-per-page', 'wrong-total'],
]);
const BESIDE_THE_ANSWER: ReadonlySet<string> = new Set(['latency', 'no-content', 'content-type']);

/** Some kinds only make sense for one sort of request, whatever their matchers say. */
export function appliesTo(fault: Fault, occasion: Occasion): boolean {
  if (ABOUT_LISTS.has(fault.kind)) return occasion.asks === 'list' && occasion.method === 'GET';
  return fault.kind !== 'no-content' || (occasion.asks === 'one' && occasion.method === 'PATCH');
}

/** Whether it answers instead of the target; only one fault can do that to a request. */
export function takesOver(fault: Fault): boolean {
  return !ABOUT_LISTS.has(fault.kind) && !BESIDE_THE_ANSWER.has(fault.kind);
}

export function matches(fault: Fault, occasion: Occasion): boolean {
  if (fault.method !== undefined && fault.method !== occasion.method) return false;
  if (fault.path !== undefined && !new RegExp(fault.path, 'i').test(occasion.path)) return false;
  // A search is not about one user: for hide-from-search, `user` says whom to hide.
  if (fault.user === undefined || fault.kind === 'hide-from-search') return true;
  return occasion.subjects.includes(fault.user.toLowerCase());
}

function isPattern(text: string): boolean {
  try {
    new RegExp(text);
    return true;
  } catch {
    return false;
  }
}
