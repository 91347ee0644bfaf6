/**
 * The kinds of values a configuration field can have, as zod types. Each reads `${env:NAME}` first, then checks
 * the text, and carries the description from which JSON Schema, docs and error texts are made.
 */
import * as z from 'zod';
import { accept, type Check, type Checked, refuse } from './checked.ts';
import { numberBetween } from './measures.ts';
import { mustBeOneOf } from './one-of.ts';
import { findSecret, type Secret } from './secret.ts';
import { absolutePath, readFailure, type Surroundings } from './surroundings.ts';

const ENV_REFERENCE = '^\\$\\{env:[A-Za-z_][A-Za-z0-9_]*\\}$';

/**
 * Cross-field checks run even where a field is already refused, so that all problems show at once. They must take
 * a field that did not parse into account.
 */
export const ALSO_WHEN_INCOMPLETE = {
  when: ({ value }: { value: unknown }) => typeof value === 'object' && value !== null,
};

export const notBlank: Check<string> = (text) =>
  text.trim() === '' ? refuse('is empty. Write a value.') : accept(text);

/** A text, checked and turned into what it means. */
export function text<T = string>(around: Surroundings, about: string, check: Check<T>) {
  return z
    .string()
    .transform((written, context) => settle(readText(written, around), check, context))
    .describe(about);
}

/** One of a few words. */
export function choice<const W extends string>(around: Surroundings, about: string, words: readonly W[]) {
  const check: Check<W> = (written) => {
    const word = words.find((known) => known === written);
    return word === undefined ? refuse(mustBeOneOf(words, written)) : accept(word);
  };
  return text(around, about, check).meta({ anyOf: [{ enum: [...words] }, { pattern: ENV_REFERENCE }] });
}

export function wholeNumber(around: Surroundings, about: string, least: number, most: number) {
  const error = `must be a whole number between ${least} and ${most}. Write one, without a unit.`;
  return z
    .union([z.int().min(least, error).max(most, error), z.string()], { error })
    .transform((written, context) =>
      settle(readText(String(written), around), numberBetween(least, most), context),
    )
    .describe(about);
}

export function flag(around: Surroundings, about: string) {
  const error = 'must be true or false. Write one of the two, without quotes.';
  const check: Check<boolean> = (written) =>
    written === 'true' || written === 'false' ? accept(written === 'true') : refuse(error);
  return z
    .union([z.boolean(), z.string()], { error })
    .transform((written, context) => settle(readText(String(written), around), check, context))
    .describe(about);
}

/** A credential: only ever a reference, never the text itself. A number is taken in so that it is refused as such. */
export function secret(around: Surroundings, about: string, check: Check<string> = notBlank) {
  const written = z.union([z.string(), z.number(), z.boolean()], { error: 'must be text.' });
  return written
    .transform((value, context): Secret => {
      const found = findSecret(String(value), around);
      const checked = found.ok ? check(found.value.reveal()) : found;
      return settle(checked.ok ? found : checked, accept, context);
    })
    .meta({ description: about, pattern: '^\\$\\{(env|file):[^{}]+\\}$' });
}

/** A path, made absolute. */
export function path(around: Surroundings, about: string) {
  return text(around, about, (written) => {
    const filled = notBlank(written);
    return filled.ok ? accept(absolutePath(around, written)) : filled;
  });
}

/** A file that is read at load. */
export function file<T>(
  around: Surroundings,
  about: string,
  use: (path: string, content: string) => Checked<T>,
) {
  return text(around, about, (written) => {
    try {
      return use(written, around.readFile(absolutePath(around, written)));
    } catch (error) {
      return refuse(
        `names a file that ${readFailure(error)}. Correct the path; it starts at this file's folder.`,
      );
    }
  });
}

/** PEM certificates of the authorities to trust. */
export function certificates(around: Surroundings, about: string) {
  return file(around, about, (_path, content) =>
    content.includes('-----BEGIN CERTIFICATE-----')
      ? accept(content)
      : refuse("names a file without a PEM certificate. Give the authority's certificate as PEM."),
  );
}

function readText(written: string, around: Surroundings): Checked<string> {
  if (!written.includes('${')) return accept(written);
  const name = new RegExp(ENV_REFERENCE).test(written) ? written.slice('${env:'.length, -1) : undefined;
  if (name === undefined) {
    return refuse(`holds a reference that cannot be read here. Write '\${env:NAME}' as the whole value.`);
  }
  const value = around.env[name] ?? '';
  if (value.trim() === '') {
    return refuse(`is empty: the environment variable ${name} is not set. Set it before the start.`);
  }
  return accept(value);
}

function settle<S, T>(read: Checked<S>, check: (value: S) => Checked<T>, context: z.RefinementCtx): T {
  const checked = read.ok ? check(read.value) : read;
  if (checked.ok) return checked.value;
  context.addIssue({ code: 'custom', message: checked.message });
  return z.NEVER;
}
