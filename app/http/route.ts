/**
 * What a route is: where it stands, who may call it, what goes in and out, and what it does. The same description is
 * mounted (`mount.ts`) and published (`openapi.ts`), so the two cannot differ. A route knows no request and no
 * response: it turns checked input into an answer.
 */
import * as z from 'zod';
import type { Caller, Scope } from '../config/index.ts';
import { type FieldError, invalidRequest } from './problem.ts';

export type Answer = {
  readonly status: number;
  /** Sent as JSON; text where `type` says something else. */
  readonly body: unknown;
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
};

export type AnswerDescription = {
  readonly description: string;
  readonly schema?: z.ZodType;
  readonly example?: unknown;
  readonly type?: string;
};

/** What every handler gets besides its input. */
export type Call = { readonly caller: Caller; readonly signal: AbortSignal };

export type RawInput = { readonly params: unknown; readonly query: unknown; readonly body: unknown };

type Description = {
  /** What a client made from the description calls it. */
  readonly name: string;
  readonly method: 'get' | 'post';
  /** As OpenAPI writes it: `/v1/runs/{id}`. */
  readonly path: `/${string}`;
  readonly summary: string;
  readonly description?: string;
  /** Any one of them is enough; none: no token is needed. */
  readonly scopes: readonly Scope[];
  /** `remote`: asks a source or target, which may take longer. */
  readonly waitsFor?: 'store' | 'remote';
  readonly bodyExamples?: Readonly<Record<string, unknown>>;
  readonly answers: Readonly<Record<number, AnswerDescription>>;
};

export type Route = Description & {
  readonly params: z.ZodObject;
  readonly query: z.ZodObject;
  readonly body: z.ZodType | null;
  answer(input: RawInput, call: Call): Promise<Answer>;
};

const NOTHING = z.strictObject({});
type Nothing = typeof NOTHING;

type Definition<P extends z.ZodObject, Q extends z.ZodObject, B extends z.ZodType> = Description & {
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  readonly handle: (
    input: { readonly params: z.output<P>; readonly query: z.output<Q>; readonly body: z.output<B> },
    call: Call,
  ) => Promise<Answer>;
};

/** Makes a route; its handler sees only input that fits the schemas. */
export function defineRoute<
  P extends z.ZodObject = Nothing,
  Q extends z.ZodObject = Nothing,
  B extends z.ZodType = Nothing,
>(definition: Definition<P, Q, B>): Route {
  const { params, query, body, handle, ...description } = definition;
  return {
    ...description,
    params: params ?? NOTHING,
    query: query ?? NOTHING,
    body: body ?? null,
    async answer(input, call) {
      const checked = {
        params: fitting(params ?? NOTHING, input.params) as z.output<P>,
        query: fitting(query ?? NOTHING, input.query) as z.output<Q>,
        body: (body === undefined ? undefined : fitting(body, input.body)) as z.output<B>,
      };
      return await handle(checked, call);
    },
  };
}

/** @throws the problem 400 that names each field that does not fit */
function fitting(schema: z.ZodType, value: unknown): unknown {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw invalidRequest(result.error.issues.flatMap(fieldErrors));
}

function fieldErrors(issue: z.core.$ZodIssue): FieldError[] {
  const path = issue.path.map(String);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((name) => ({
      field: [...path, name].join('.'),
      message: 'is not known here. Leave it out, or correct its spelling.',
    }));
  }
  return [{ field: path.join('.'), message: issue.message }];
}
