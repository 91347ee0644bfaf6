/**
 * A credential that shows itself only to whom it belongs. Printing, logging or serialising one gives `[redacted]`.
 *
 * The text is not kept here: it is read from its place at each use, so that a rotated secret file takes effect
 * without a restart. No message names more than the place (O-27).
 */
import { inspect } from 'node:util';
import { accept, type Checked, refuse } from './checked.ts';
import { absolutePath, readFailure, type Surroundings } from './surroundings.ts';

const REDACTED = '[redacted]';
const REFERENCE = /^\$\{(env|file):([^{}]+)\}$/;
const HOW_TO = `write '\${env:NAME}' and set that variable, or '\${file:/path}' and put it into that file`;

/** The secret's place held nothing when it was needed, although it did at the start. */
export class SecretUnavailable extends Error {
  override name = 'SecretUnavailable';
}

export class Secret {
  /** Where it comes from, for messages: `${env:NAME}`, `${file:PATH}`. */
  readonly origin: string;
  readonly #read: () => Checked<string>;

  constructor(origin: string, read: () => Checked<string>) {
    this.origin = origin;
    this.#read = read;
  }

  /** The secret itself, as its place holds it now. @throws SecretUnavailable where it is gone or empty */
  reveal(): string {
    const now = this.#read();
    if (!now.ok) throw new SecretUnavailable(`the secret ${this.origin} ${now.message}`);
    return now.value;
  }

  toString(): string {
    return REDACTED;
  }

  toJSON(): string {
    return REDACTED;
  }

  [inspect.custom](): string {
    return REDACTED;
  }
}

/** Turns `${env:NAME}` or `${file:PATH}` into a Secret; refuses anything else, and a place that holds nothing. */
export function findSecret(written: string, around: Surroundings): Checked<Secret> {
  const [, kind, place] = REFERENCE.exec(written) ?? [];
  if (place === undefined) return refuse(`is a secret and must not stand in this file. Instead ${HOW_TO}.`);
  const read = kind === 'env' ? () => fromVariable(place, around) : () => fromFile(place, around);
  const now = read();
  return now.ok ? accept(new Secret(written, read)) : now;
}

function fromVariable(name: string, around: Surroundings): Checked<string> {
  return notEmpty(
    around.env[name] ?? '',
    `is empty: the environment variable ${name} is not set. Set it before the start.`,
  );
}

function fromFile(path: string, around: Surroundings): Checked<string> {
  try {
    const text = around.readFile(absolutePath(around, path)).replace(/\r?\n$/, '');
    return notEmpty(text, `is empty: the file ${path} holds nothing. Write the secret into it.`);
  } catch (error) {
    return refuse(
      `cannot be read: the file ${path} ${readFailure(error)}. Create it, readable for this user.`,
    );
  }
}

function notEmpty(text: string, message: string): Checked<string> {
  return text.trim() === '' ? refuse(message) : accept(text);
}
