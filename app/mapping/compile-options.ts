/**
 * The options that say how an attribute is kept at the target. One attribute has one set of them: under a simple
 * attribute beside its `value` or `from`, under a list beside its `items`, and never under an attribute with parts,
 * whose parts have options of their own. What they mean is told where they are carried out (`policy.ts`,
 * `app/plan/ownership.ts`); here it is decided which go together:
 *
 *   written                         refused with it                    because
 *   ─────────────────────────────   ────────────────────────────────   ──────────────────────────────────────────────
 *   active                          all of these options               access is always the source's, and always seen
 *   userName, externalId            owner: target, onEmpty: leave,     they name the account: by them it is found, and
 *                                   sensitive: true                    in lists and messages they stand for it
 *   userName                        when: if-empty                     no account is without
 *   owner: target                   when: always, when: if-empty,      ours is sent once, and nothing is done about
 *                                   drift: force, drift: report,       what the target does with it
 *                                   onEmpty: clear
 *   when: create-only, if-empty     drift: force, drift: report,       the same
 *                                   onEmpty: clear
 *   an item of a list, a part of it all of these options               a list is one attribute
 *
 * What only repeats what follows anyway is taken.
 */
import { type AttributePath, formatPath } from '../scim/resource.ts';
import type { Compiling } from './compile-expression.ts';
import { didYouMean } from './did-you-mean.ts';
import type { Position } from './file-problem.ts';
import { type AttributePolicy, SOURCE_OWNED } from './policy.ts';
import { NAMING } from './user-schema.ts';
import { entryOf, type Located, type LocatedEntry, type LocatedMap, type ScalarValue } from './yaml-tree.ts';

type Kept = Omit<AttributePolicy, 'path'>;

/** What may be said of each; the first is what holds where nothing is said. */
const CHOICES: { readonly [Option in keyof Kept]: readonly Kept[Option][] } = {
  when: ['always', 'create-only', 'if-empty'],
  owner: ['source', 'target', 'first-writer'],
  drift: ['force', 'keep', 'report'],
  onEmpty: ['clear', 'leave'],
  sensitive: [false, true],
};

const OPTIONS = ['when', 'owner', 'drift', 'onEmpty', 'sensitive'] as const;

/** The names of these options. */
export const KEEPING: ReadonlySet<string> = new Set(OPTIONS);

/** Options of a simple attribute that say what its value is. */
const VALUE_OPTIONS = ['value', 'from', 'precedence', 'default', 'required'];

/** What a map of options may hold. */
export function optionsKnownAt(path: string, isInList: boolean): readonly string[] {
  if (path === 'active') return ['value', 'required', 'optional'];
  return isInList ? VALUE_OPTIONS : [...VALUE_OPTIONS, ...KEEPING];
}

/**
 * Whether a map in an extension that is not known holds options, rather than parts of those names: where it holds
 * nothing else and gives a value, by `from: attribute` alone, or by `value` or `from` and one option more.
 */
export function holdsOptions(node: Located, isInList: boolean): node is LocatedMap {
  if (node.kind !== 'map') return false;
  const known = optionsKnownAt('', isInList);
  if (!node.entries.every(({ key }) => known.includes(key))) return false;
  const value = entryOf(node, 'value');
  const from = entryOf(node, 'from')?.value;
  if (value === undefined && from === undefined) return false;
  return (
    node.entries.length > 1 || (from?.kind === 'scalar' && !String(from.value).trimStart().startsWith('='))
  );
}

/** Whether a map in an extension that is not known is a list with options, by the same rule. */
export function holdsItems(node: Located): node is LocatedMap {
  if (node.kind !== 'map' || entryOf(node, 'items')?.value.kind !== 'list') return false;
  return node.entries.length > 1 && node.entries.every(({ key }) => key === 'items' || KEEPING.has(key));
}

/** Refuses what stands beside `items` and is no option of a list. */
export function checkListOptions(node: LocatedMap, path: string, { report }: Compiling): void {
  const known = ['items', ...KEEPING];
  for (const { key, keyAt } of node.entries) {
    if (known.includes(key)) continue;
    const message = VALUE_OPTIONS.includes(key)
      ? 'does not go with a list. Write it at a part of its items.'
      : `unknown option.${didYouMean(key, known) || ` Known are ${known.join(', ')}.`}`;
    report.problem(keyAt, `attributes.${path}.${key}`, message);
  }
}

/** What to say of an option that stands among the parts of an attribute; null where it is none. */
export function misplacedOption(key: string): string | null {
  return optionsKnownAt('', false).includes(key) ? `is no part. ${atParts(key)}` : null;
}

/** The same in an extension that is not known, where it is a part, and reads like an option by its value, too. */
export function optionTakenAsPart({ key, value }: LocatedEntry): string | null {
  const said = value.kind === 'scalar' ? value.value : null;
  const choices: ReadonlyMap<string, readonly ScalarValue[]> = new Map(Object.entries(CHOICES));
  return choices.get(key)?.includes(said) === true
    ? `is taken as a part of this name. ${atParts(key)}`
    : null;
}

function atParts(key: string): string {
  return `Options stand at the parts, as in part: { value: …, ${key}: … }.`;
}

type Said = { readonly [Option in keyof Kept]?: Kept[Option] | undefined };

/** See the table above. */
type Contradiction = {
  readonly option: keyof Kept;
  readonly values: readonly ScalarValue[];
  readonly beside: (said: Said, path: string) => boolean;
  readonly because: string;
};

const isNaming = (_said: Said, path: string): boolean => NAMING.has(path);
const isTheirs = ({ owner }: Said): boolean => owner === 'target';
const isSentOnce = ({ when }: Said): boolean => when === 'create-only' || when === 'if-empty';

const THEIRS =
  'contradicts owner: target, which leaves the value to the target once it has one. Remove one of the two';
const SENT_ONCE = 'contradicts when, which leaves a value that is there alone. Remove one of the two';
const NAMES = 'does not go with an attribute that names the account. Remove it';

const CONTRADICTIONS: readonly Contradiction[] = [
  { option: 'owner', values: ['target'], beside: isNaming, because: NAMES },
  { option: 'onEmpty', values: ['leave'], beside: isNaming, because: NAMES },
  { option: 'sensitive', values: [true], beside: isNaming, because: NAMES },
  {
    option: 'when',
    values: ['if-empty'],
    beside: (_said, path) => path === 'userName',
    because: 'never comes to pass: no account is without userName. Remove it',
  },
  { option: 'when', values: ['always', 'if-empty'], beside: isTheirs, because: THEIRS },
  { option: 'drift', values: ['force', 'report'], beside: isTheirs, because: THEIRS },
  { option: 'onEmpty', values: ['clear'], beside: isTheirs, because: THEIRS },
  { option: 'drift', values: ['force', 'report'], beside: isSentOnce, because: SENT_ONCE },
  { option: 'onEmpty', values: ['clear'], beside: isSentOnce, because: SENT_ONCE },
];

/**
 * Compiles those of the options in a map that say how the attribute is kept; the others are looked at elsewhere.
 * @returns null where nothing is said that differs from `SOURCE_OWNED`, or something is wrong
 */
export function compilePolicy(
  node: LocatedMap,
  path: AttributePath,
  { report }: Compiling,
): AttributePolicy | null {
  const name = formatPath(path);
  if (name === 'active') return null; // each of these options was refused as unknown there
  const problem = (option: string, at: Position, message: string): void =>
    report.problem(at, `attributes.${name}.${option}`, message);
  const said: Said = {
    when: choice(node, 'when', problem),
    owner: choice(node, 'owner', problem),
    drift: choice(node, 'drift', problem),
    onEmpty: choice(node, 'onEmpty', problem),
    sensitive: choice(node, 'sensitive', problem),
  };
  const wrong = CONTRADICTIONS.filter(
    ({ option, values, beside }) => values.some((value) => value === said[option]) && beside(said, name),
  );
  for (const { option, because } of wrong) {
    const entry = entryOf(node, option);
    if (entry !== undefined) problem(option, entry.keyAt, `${because}.`);
  }
  const policy: AttributePolicy = {
    path,
    when: said.when ?? SOURCE_OWNED.when,
    owner: said.owner ?? SOURCE_OWNED.owner,
    drift: said.drift ?? SOURCE_OWNED.drift,
    onEmpty: said.onEmpty ?? SOURCE_OWNED.onEmpty,
    sensitive: said.sensitive ?? SOURCE_OWNED.sensitive,
  };
  const differs = OPTIONS.some((option) => policy[option] !== SOURCE_OWNED[option]);
  return differs && wrong.length === 0 ? policy : null;
}

/** @returns undefined where nothing is said, or something that cannot be said */
function choice<Option extends keyof Kept>(
  node: LocatedMap,
  option: Option,
  problem: (option: string, at: Position, message: string) => void,
): Kept[Option] | undefined {
  const value = entryOf(node, option)?.value;
  if (value === undefined) return undefined;
  const choices: readonly Kept[Option][] = CHOICES[option];
  const said = value.kind === 'scalar' ? value.value : null;
  const chosen = choices.find((each) => each === said);
  if (chosen !== undefined) return chosen;
  problem(option, value.at, mustBe(choices, said));
  return undefined;
}

function mustBe(choices: readonly (string | boolean)[], said: ScalarValue): string {
  if (choices.includes(true)) return 'must be true or false, without quotes.';
  const words = choices.map(String);
  return `must be ${words.slice(0, -1).join(', ')} or ${words.at(-1)}.${didYouMean(String(said), words)}`;
}
