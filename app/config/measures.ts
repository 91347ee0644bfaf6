/**
 * Durations, sizes and shares as people write them: `30s`, `1MiB`, `10%`. Parsed exactly, never guessed: a number
 * without its unit is refused, since `30` could be seconds to one reader and milliseconds to another.
 */
import { accept, type Check, refuse } from './checked.ts';

const MILLISECONDS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};
const BYTES: Readonly<Record<string, number>> = { B: 1, KiB: 1_024, MiB: 1_024 ** 2, GiB: 1_024 ** 3 };

/** @returns milliseconds, between the two bounds, which are durations themselves */
export function durationBetween(least: string, most: string): Check<number> {
  return measure(
    MILLISECONDS,
    least,
    most,
    `must be a duration like ${least}: a whole number and ms, s, m, h or d`,
  );
}

/** @returns bytes, between the two bounds, which are sizes themselves */
export function sizeBetween(least: string, most: string): Check<number> {
  return measure(BYTES, least, most, `must be a size like ${most}: a whole number and B, KiB, MiB or GiB`);
}

/** @returns a share of one: `10%` is 0.1 */
export const share: Check<number> = (text) => {
  const percent = /^(\d{1,3}(?:\.\d{1,2})?)%$/.exec(text)?.[1];
  if (percent === undefined || Number(percent) > 100) {
    return refuse('must be a percentage between 0% and 100%. Write it like 10%.');
  }
  return accept(Number(percent) / 100);
};

/** @returns a whole number, between the two bounds */
export function numberBetween(least: number, most: number): Check<number> {
  return (text) => {
    const number = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
    if (number >= least && number <= most) return accept(number);
    return refuse(`must be a whole number between ${least} and ${most}. Write one, without a unit.`);
  };
}

function measure(
  units: Readonly<Record<string, number>>,
  least: string,
  most: string,
  rule: string,
): Check<number> {
  const amount = (text: string): number => {
    const [, digits, unit] = /^(\d{1,9})([a-zA-Z]{1,3})$/.exec(text) ?? [];
    return Number(digits) * (units[unit ?? ''] ?? Number.NaN);
  };
  return (text) => {
    const value = amount(text);
    if (Number.isNaN(value)) return refuse(`${rule}. Write the unit directly after the number.`);
    if (value < amount(least) || value > amount(most)) {
      return refuse(`must lie between ${least} and ${most}. Choose a value in that range.`);
    }
    return accept(value);
  };
}
