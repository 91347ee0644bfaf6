/**
 * The whole of `landbridge.yaml`. Fields are described where they are defined; JSON Schema, the reference in
 * docs/configuration.md and the messages for missing fields are made from those descriptions.
 */
import * as z from 'zod';
import { SOURCE_NAME } from '../person/anchor.ts';
import { accept } from './checked.ts';
import { environmentSchema } from './environment.ts';
import { ALSO_WHEN_INCOMPLETE, file } from './fields.ts';
import { httpSchema, inboundSchema, logSchema, policySchema, redisSchema } from './service-schema.ts';
import { sourceSchema } from './source-schema.ts';
import type { Surroundings } from './surroundings.ts';
import { targetSchema } from './target-schema.ts';

/** A mapping file that exists; whether it is right is decided by `app/mapping`. */
export type MappingFile = {
  /** As the configuration names it, for messages. */
  readonly file: string;
  readonly text: string;
};

export type Config = z.output<ReturnType<typeof configSchema>>;
export type SourceConfig = Config['sources'][string];
export type LdapSourceConfig = Extract<SourceConfig, { kind: 'ldap' }>;
export type FileSourceConfig = Extract<SourceConfig, { kind: 'file' }>;
export type TargetConfig = Config['targets'][string];

export function configSchema(around: Surroundings) {
  return z
    .strictObject({
      version: z.literal(1).describe('The version of this format: 1.'),
      environment: environmentSchema(around),
      redis: redisSchema(around),
      sources: named(sourceSchema(around)).describe('Where people come from, each source under its name.'),
      targets: named(targetSchema(around)).describe('Where accounts are kept, each target under its name.'),
      mappings: z
        .array(mappingFileSchema(around))
        .min(1)
        .describe('The files that say what an account looks like, one for each pair of source and target.'),
      policy: policySchema(around),
      http: httpSchema(around),
      log: logSchema(around),
      inbound: inboundSchema(around),
    })
    .superRefine(checkLease, ALSO_WHEN_INCOMPLETE)
    .describe('Configuration of Landbridge.');
}

/** One mapping file, read. */
export function mappingFileSchema(around: Surroundings) {
  return file(around, 'A mapping file, seen from the folder of this file.', (path, content) =>
    accept<MappingFile>({ file: path, text: content }),
  );
}

function named<S extends z.ZodType>(value: S) {
  return z
    .record(z.string().regex(SOURCE_NAME), value)
    .refine((entries) => Object.keys(entries).length > 0, { error: 'is empty. Name at least one.' });
}

type Times = {
  readonly policy: { readonly lease: number };
  readonly targets: Readonly<Record<string, { readonly timeout: number }>>;
};

/** A writer whose lease ends in the middle of a request could meet a second writer (design.md, invariant 1). */
function checkLease({ policy, targets }: Times, context: z.RefinementCtx): void {
  const lease: unknown = policy?.lease;
  if (typeof lease !== 'number') return;
  for (const [name, target] of Object.entries(targets ?? {})) {
    const timeout: unknown = target?.timeout;
    if (typeof timeout !== 'number' || lease > timeout) continue;
    const message = `must be longer than targets.${name}.timeout: one request must end within it. Raise the lease or lower the timeout.`;
    context.addIssue({ code: 'custom', path: ['policy', 'lease'], message });
  }
}
