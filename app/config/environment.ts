/**
 * Which of the environments that mapping files describe this installation is: `environment` of landbridge.yaml, or
 * LANDBRIDGE_ENVIRONMENT, which wins, so that one folder can be tried in one place and run in another.
 */
import * as z from 'zod';
import { accept, type Check, refuse } from './checked.ts';
import { text } from './fields.ts';
import type { Surroundings } from './surroundings.ts';

const VARIABLE = 'LANDBRIDGE_ENVIRONMENT';
const NAME = /^[A-Za-z][A-Za-z0-9_-]{0,63}$/;
const RULE =
  'must begin with a letter and have at most 64 letters, digits, "-" and "_". Write the name as mapping files have it.';

const ABOUT =
  'Which of their environments mapping files are read for. LANDBRIDGE_ENVIRONMENT goes before it. Without either: none.';

const environmentName: Check<string> = (written) => (NAME.test(written) ? accept(written) : refuse(RULE));

/** Gives the name, or null where none is chosen. */
export function environmentSchema(around: Surroundings) {
  return text(around, ABOUT, environmentName)
    .optional()
    .transform((written, context): string | null => {
      const chosen = around.env[VARIABLE]?.trim() ?? '';
      if (chosen === '') return written ?? null;
      if (NAME.test(chosen)) return chosen;
      context.addIssue({ code: 'custom', message: `comes from ${VARIABLE} and ${RULE}` });
      return z.NEVER;
    })
    .describe(ABOUT);
}

/** The same where the configuration is not right otherwise. @param written what stands under `environment` */
export function environmentIn(written: unknown, around: Surroundings): string | null {
  const read = environmentSchema(around).safeParse(written);
  return read.success ? read.data : null;
}
